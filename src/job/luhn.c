#include "job/luhn.h"

unsigned luhn_rest(const char *digits, size_t length)
{
    unsigned sum = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned digit = (unsigned)(digits[length - 1 - i] - '0');
        unsigned doubled = 2 * digit > 9 ? 2 * digit - 9 : 2 * digit;
        sum += i % 2 ? doubled : digit;
    }
    return sum % 10;
}

void luhn_complete(char *digits, size_t length)
{
    digits[length - 1] = '0';
    digits[length - 1] = (char)('0' + (10 - luhn_rest(digits, length)) % 10);
}
