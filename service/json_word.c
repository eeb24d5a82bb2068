#include "service/json_word.h"

/* Letters in place of a number are as many as its digits. */
#define LETTERS_MIN 12u

int json_is_word_byte(unsigned char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z') || byte == '*' || byte == '-' || byte == '+' ||
           byte == '.' || byte == '#';
}

static int is_digit(unsigned char byte)
{
    return byte >= '0' && byte <= '9';
}

static int is_letter(unsigned char byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/* What a number has beside its digits. */
static int is_number_sign(unsigned char byte)
{
    return byte == '-' || byte == '+' || byte == '.' || byte == 'e' || byte == 'E';
}

/* A number, of which at least one digit is a star. */
static int is_starred(struct bytes word)
{
    size_t stars = 0;
    for (size_t index = 0; index < word.length; index++) {
        const unsigned char byte = word.at[index];
        stars += byte == '*';
        if (byte != '*' && !is_digit(byte) && !is_number_sign(byte))
            return 0;
    }
    return stars > 0 && word.length > 2;
}

/* Too long for true, false or null; no number, not even with an exponent. */
static int is_lettered(struct bytes word)
{
    size_t letters = 0;
    for (size_t index = 0; index < word.length; index++) {
        const unsigned char byte = word.at[index];
        if (!is_letter(byte) && !is_digit(byte) && !is_number_sign(byte))
            return 0;
        letters += is_letter(byte) && !is_number_sign(byte);
    }
    return letters > 0 && word.length >= LETTERS_MIN;
}

int json_word_is_masked(struct bytes word, int with_letters)
{
    /* What has no card number's length is starred in any style. */
    return is_starred(word) || (with_letters && is_lettered(word));
}
