/* Bytes of the wire: see the tables of docs/native-door.md. */

#include "library.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool make_room(tb_bytes *to, size_t count) {
    size_t room;
    unsigned char *grown;
    if (to->broken) return false;
    if (to->at > 0 && to->count + count > to->room) { /* what was taken out makes room first */
        memmove(to->bytes, to->bytes + to->at, to->count - to->at);
        to->count -= to->at;
        to->at = 0;
    }
    if (to->count + count <= to->room) return true;
    room = to->room == 0 ? 256 : to->room;
    while (room < to->count + count) room *= 2;
    grown = realloc(to->bytes, room);
    if (grown == NULL) {
        to->broken = true;
        return false;
    }
    to->bytes = grown;
    to->room = room;
    return true;
}

void tb_put(tb_bytes *to, const void *bytes, size_t count) {
    if (count == 0 || !make_room(to, count)) return;
    memcpy(to->bytes + to->count, bytes, count);
    to->count += count;
}

void tb_put_number(tb_bytes *to, uint64_t number, int bytes) {
    unsigned char digits[8];
    for (int at = bytes; at-- > 0; number >>= 8) digits[at] = (unsigned char)(number & 0xFF);
    tb_put(to, digits, (size_t)bytes);
}

void tb_put_value(tb_bytes *to, tb_value value) {
    tb_put(to, &value.type, 1);
    if (value.type == 'i' || value.type == 'u') tb_put_number(to, (uint64_t)value.number, 8);
    if (value.type == 's') {
        size_t count = strlen(value.text);
        tb_put_number(to, count, 4);
        tb_put(to, value.text, count);
    }
}

/* A frame begins `begun` bytes behind what has yet to be sent: making room may move it. */
size_t tb_begin(tb_bytes *to, unsigned char kind) {
    size_t begun = to->count - to->at;
    tb_put_number(to, 0, 4);
    tb_put(to, &kind, 1);
    return begun;
}

void tb_end(tb_bytes *to, size_t begun) {
    size_t length = to->count - to->at - begun - 4;
    unsigned char *at = to->bytes + to->at + begun;
    if (to->broken) return;
    for (int digit = 4; digit-- > 0; length >>= 8) at[digit] = (unsigned char)(length & 0xFF);
}

void tb_drop(tb_bytes *from, size_t count) {
    from->at += count;
    if (from->at == from->count) from->at = from->count = 0;
}

void tb_free(tb_bytes *bytes) {
    free(bytes->bytes);
    memset(bytes, 0, sizeof *bytes);
}

uint64_t tb_get_number(const unsigned char *from, int bytes) {
    uint64_t number = 0;
    while (bytes-- > 0) number = number << 8 | *from++;
    return number;
}

void tb_put_json(tb_bytes *to, const char *text) {
    char escaped[8];
    tb_put(to, "\"", 1);
    for (; *text != 0; text++) {
        unsigned char letter = (unsigned char)*text;
        if (letter == '"' || letter == '\\' || letter < 0x20) {
            snprintf(escaped, sizeof escaped, "\\u%04x", letter);
            tb_put(to, escaped, 6);
        } else {
            tb_put(to, text, 1);
        }
    }
    tb_put(to, "\"", 1);
}

static char nothing[1];

char *tb_copy(const void *bytes, size_t count) {
    char *copied = malloc(count + 1);
    if (copied == NULL) return nothing;
    if (count > 0) memcpy(copied, bytes, count);
    copied[count] = 0;
    return copied;
}

void tb_forget(char *copied) {
    if (copied != nothing) free(copied);
}
