/* What the generated exports call, and what the parts of the library ask of each other. */

#ifndef TB_LIBRARY_H
#define TB_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "system.h"

/* --- an argument of a call, on its way to the server (values.c) */

typedef struct {
    char type; /* 'n' null, 'f' false, 't' true, 'i' signed, 'u' unsigned, 's' text */
    int64_t number;
    const char *text;
} tb_value;

static inline tb_value tb_text(const void *text) { return (tb_value){text == NULL ? 'n' : 's', 0, (const char *)text}; }
static inline tb_value tb_signed(int64_t number) { return (tb_value){'i', number, NULL}; }
static inline tb_value tb_unsigned(uint64_t number) { return (tb_value){'u', (int64_t)number, NULL}; }
static inline tb_value tb_bool(bool is) { return (tb_value){is ? 't' : 'f', 0, NULL}; }

/* Bytes that grow. `at` is where the next are taken from; those before it are gone. Where memory ends, `broken` turns true. */
typedef struct {
    unsigned char *bytes;
    size_t at, count, room;
    bool broken;
} tb_bytes;

void tb_put(tb_bytes *to, const void *bytes, size_t count);
void tb_put_number(tb_bytes *to, uint64_t number, int bytes);
void tb_put_value(tb_bytes *to, tb_value value);
/* Begin a frame; its length is written by tb_end, which takes what tb_begin returned. */
size_t tb_begin(tb_bytes *to, unsigned char kind);
void tb_end(tb_bytes *to, size_t begun);
void tb_drop(tb_bytes *from, size_t count);
void tb_free(tb_bytes *bytes);
uint64_t tb_get_number(const unsigned char *from, int bytes);
/* Append a JSON text of a text; it may be of any bytes. */
void tb_put_json(tb_bytes *to, const char *text);
/* Return a copy of so many bytes as a text, "" where memory ends (static then: see tb_forget). */
char *tb_copy(const void *bytes, size_t count);
void tb_forget(char *copied);

/* --- the Dart API (dart.c) */

/* Take the table that Dart hands over. Returns 0, or -1 for another major version of it. */
intptr_t tb_dart_take(const void *table);
/* Post a text, of any bytes; base64 of it where it is no UTF-8. Returns whether the port is open. */
bool tb_dart_post(int64_t port, char *text, size_t count);
/* Return the isolate that is in this thread, NULL for none. */
void *tb_dart_isolate(void);

/* --- a connection, which is a device (connection.c) */

enum { TB_FUNCTION_SLOTS = 8, TB_KEPT = 256, TB_LOGGED_OUT = 3, TB_LOCAL_FILE = 6022, TB_NO_NETWORK = 9508, TB_LONGEST_ID = 128 };

enum { TB_LONGEST_REASON = 200 };

typedef struct tb_pending tb_pending;

typedef struct tb_device {
    struct tb_device *next;
    int number;
    void *isolate; /* NULL: not known */

    tb_lock posting; /* held while something is posted; of the port alone */
    int64_t port;    /* 0: none */

    tb_lock lock; /* of all that follows */
    tb_signal changed;
    tb_socket socket;
    bool connected, lost, reading, writing;
    char reason[TB_LONGEST_REASON];
    tb_bytes out;
    uint32_t calls;
    tb_pending *pending, **last_pending;
    bool waiting, returned;
    tb_value result; /* its text is ours */
    char *user;
    int status;
    char *naming;          /* how the ids begin that the library gives, NULL: it gives none */
    uint32_t first, named; /* where their numbers begin, and how many there have been */
    char *kept[TB_FUNCTION_SLOTS][TB_KEPT];
    int kept_at[TB_FUNCTION_SLOTS];
} tb_device;

tb_device *tb_device_new(int number, void *isolate);
/* What is meant to come of a call: an error with `user_data` if the connection is or gets lost, and what it brings for a file at `path`. */
typedef struct {
    const char *user_data, *path; /* NULL: nothing of the kind */
} tb_due;

/* Send a call that nobody waits for. */
void tb_call(tb_device *device, const char *name, const tb_value *values, int count, tb_due due);
/* Send such a call, with an id that what it makes is to have. Returns false, with nothing sent, where the library can give none. */
bool tb_call_named(tb_device *device, const char *name, const tb_value *values, int count, tb_due due, char id[TB_LONGEST_ID]);
/* Send a call and wait for what it returns. Returns false if the connection is lost. The text of the result is the caller's: tb_forget. */
bool tb_wait(tb_device *device, const char *name, const tb_value *values, int count, tb_due due, tb_value *result);
/* Wait until all that has arrived is dealt with: what the device knows of its state is what the server has said by now. */
void tb_catch_up(tb_device *device);
/* Keep a text for the caller of a function, until that function was called some hundred times more, by whichever thread. Takes the text over. */
const char *tb_keep(tb_device *device, int slot, char *text);
void tb_set_port(tb_device *device, int64_t port);
/* Close a connection of which nobody needs to hear any more. */
void tb_leave(tb_device *device);

/* --- what the exports are made of (calls.c) */

void tb_note(const char *name, const tb_value *values, int count);
int tb_post(const char *name, const tb_value *values, int count);
/* The same; what comes of the call is written to the file that the argument at `path` names. */
int tb_post_file(int path, const char *name, const tb_value *values, int count);
void tb_wait_nothing(const char *name, const tb_value *values, int count);
int tb_wait_int(const char *name, const tb_value *values, int count);
uint64_t tb_wait_number(const char *name, const tb_value *values, int count);
const char *tb_wait_text(int slot, const char *lost, const char *name, const tb_value *values, int count);
/* The same at once, for what is to get an id: all but what has one already, as the argument at `text` says by a `mark`. */
const char *tb_name_text(int slot, const char *lost, int text, const char *mark, const char *name, const tb_value *values, int count);

#endif
