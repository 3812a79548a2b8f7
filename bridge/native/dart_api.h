/*
 * The part of Dart's native API that is used, by declarations of our own of its published layout (version 2 of the table that
 * NativeApi.initializeApiDLData points to): a list of names with functions, and the message that Dart_PostCObject takes.
 */

#ifndef TB_DART_API_H
#define TB_DART_API_H

#include <stdbool.h>
#include <stdint.h>

enum { DART_MAJOR = 2, DART_STRING = 5 };

typedef struct {
    const char *name;
    void (*function)(void);
} dart_entry;

typedef struct {
    int major, minor;
    const dart_entry *entries; /* ends with a name that is NULL */
} dart_table;

typedef struct {
    int32_t type;
    union {
        const char *text;
        intptr_t room[5]; /* the largest of its members has as many words */
    } as;
} dart_message;

typedef bool (*dart_post)(int64_t port, dart_message *message);
typedef void *(*dart_current)(void);

#endif
