/* Dart's native API, as it is handed over: what is posted, and which isolate calls. */

#include "library.h"

#include "dart_api.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static _Atomic(dart_post) post_message;
static _Atomic(dart_current) current_isolate;
static atomic_bool ending;

/* Nothing is posted while a process ends: the Dart VM may be gone by then. */
__attribute__((destructor)) static void end(void) { atomic_store(&ending, true); }

intptr_t tb_dart_take(const void *given) {
    const dart_table *table = given;
    if (table == NULL || table->major != DART_MAJOR) return -1;
    for (const dart_entry *entry = table->entries; entry->name != NULL; entry++) {
        if (strcmp(entry->name, "Dart_PostCObject") == 0) atomic_store(&post_message, (dart_post)entry->function);
        if (strcmp(entry->name, "Dart_CurrentIsolate") == 0) atomic_store(&current_isolate, (dart_current)entry->function);
    }
    return atomic_load(&post_message) == NULL ? -1 : 0;
}

void *tb_dart_isolate(void) {
    dart_current current = atomic_load(&current_isolate);
    return current == NULL ? NULL : current();
}

/* Return how many bytes the letter has that begins here, 0 if none does. */
static size_t letter(const unsigned char *at, const unsigned char *end) {
    size_t count = at[0] < 0x80 ? 1 : at[0] >= 0xC2 && at[0] < 0xE0 ? 2 : at[0] >= 0xE0 && at[0] < 0xF0 ? 3 : at[0] >= 0xF0 && at[0] < 0xF5 ? 4 : 0;
    if (count == 0 || (size_t)(end - at) < count || at[0] == 0) return 0;
    for (size_t next = 1; next < count; next++)
        if ((at[next] & 0xC0) != 0x80) return 0;
    if (at[0] == 0xE0 && at[1] < 0xA0) return 0; /* longer than need be */
    if (at[0] == 0xED && at[1] > 0x9F) return 0; /* half of a pair */
    if (at[0] == 0xF0 && at[1] < 0x90) return 0;
    if (at[0] == 0xF4 && at[1] > 0x8F) return 0; /* beyond the last one */
    return count;
}

static bool is_utf8(const char *text, size_t count) {
    const unsigned char *at = (const unsigned char *)text, *end = at + count;
    while (at < end) {
        size_t step = letter(at, end);
        if (step == 0) return false;
        at += step;
    }
    return true;
}

static char *base64(const char *text, size_t count) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static const char prefix[] = "base64:";
    const unsigned char *from = (const unsigned char *)text;
    char *made = malloc(sizeof prefix + (count + 2) / 3 * 4), *to = made;
    if (made == NULL) return NULL;
    memcpy(to, prefix, sizeof prefix - 1);
    to += sizeof prefix - 1;
    for (size_t at = 0; at < count; at += 3) {
        size_t left = count - at;
        uint32_t three = (uint32_t)from[at] << 16 | (left > 1 ? (uint32_t)from[at + 1] << 8 : 0) | (left > 2 ? from[at + 2] : 0);
        *to++ = digits[three >> 18];
        *to++ = digits[three >> 12 & 63];
        *to++ = left > 1 ? digits[three >> 6 & 63] : '=';
        *to++ = left > 2 ? digits[three & 63] : '=';
    }
    *to = 0;
    return made;
}

bool tb_dart_post(int64_t port, char *text, size_t count) {
    dart_post post = atomic_load(&post_message);
    dart_message message;
    char *encoded = NULL;
    bool done;
    if (post == NULL || atomic_load(&ending)) return true;
    if (!is_utf8(text, count)) {
        encoded = base64(text, count);
        if (encoded == NULL) return true;
    }
    memset(&message, 0, sizeof message);
    message.type = DART_STRING;
    message.as.text = encoded == NULL ? text : encoded;
    done = post(port, &message);
    free(encoded);
    return done;
}
