#include "service/authority.h"

static int is_digit(unsigned char byte)
{
    return byte >= '0' && byte <= '9';
}

static int is_name_byte(unsigned char byte)
{
    return is_digit(byte) || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || byte == '-' || byte == '.' || byte == '_' ||
           byte == '~' || byte == '%';
}

static int is_address_byte(unsigned char byte)
{
    return is_digit(byte) || (byte >= 'a' && byte <= 'f') ||
           (byte >= 'A' && byte <= 'F') || byte == ':' || byte == '.';
}

static enum authority start(unsigned char byte)
{
    if (byte == '[')
        return AUTHORITY_ADDRESS;
    return is_name_byte(byte) ? AUTHORITY_NAME : AUTHORITY_BAD;
}

enum authority authority_follow(enum authority authority, unsigned char byte)
{
    if (authority == AUTHORITY_START)
        return start(byte);
    if (authority == AUTHORITY_NAME && is_name_byte(byte))
        return AUTHORITY_NAME;
    if (authority == AUTHORITY_ADDRESS)
        return byte == ']'             ? AUTHORITY_BEHIND
               : is_address_byte(byte) ? AUTHORITY_ADDRESS
                                       : AUTHORITY_BAD;
    if (authority == AUTHORITY_PORT && is_digit(byte))
        return AUTHORITY_PORT;
    if (byte == ':' && (authority == AUTHORITY_NAME || authority == AUTHORITY_BEHIND))
        return AUTHORITY_PORT;
    return (byte == ' ' || byte == '\t') && authority != AUTHORITY_BAD ? AUTHORITY_OVER
                                                                       : AUTHORITY_BAD;
}

int authority_is_whole(enum authority authority)
{
    return authority == AUTHORITY_START || authority == AUTHORITY_NAME ||
           authority == AUTHORITY_BEHIND || authority == AUTHORITY_PORT ||
           authority == AUTHORITY_OVER;
}
