/*
 * A connection to the bridge, which is a device there.
 *
 * Whoever calls writes to the socket as far as it takes the bytes; what it does not take is written by a thread that is started when
 * that first happens, so that no call waits for the network. Another thread reads, posts, and wakes who waits for a returned value.
 */

#include "library.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HELLO, CALL, WAIT, STATE, POST, REPLY, RETURN, REFUSED, MARK, NAMED, FILE_OF };
enum { FRAMES_VERSION = 2, CONNECT_MS = 5000, CATCH_UP_MS = 50, CHUNK = 1 << 16, LONGEST = 64 << 20, MOST_WAITING = 256 << 20 };

enum { NEXT_NUMBER = 0x9E3779B1 }; /* odd: no number comes twice before all have come */

struct tb_pending {
    tb_pending *next;
    uint32_t number;
    char *user_data;
    char *path;     /* NULL: it writes no file */
    char *unwritten; /* why the file is not there; NULL: it is, or nothing was to be written yet */
};

static void forget_pending(tb_pending *pending) {
    tb_forget(pending->user_data);
    free(pending->path);
    free(pending->unwritten);
    free(pending);
}

/* --- the port */

void tb_set_port(tb_device *device, int64_t port) {
    tb_take(&device->posting);
    device->port = port;
    tb_release(&device->posting);
}

static void deliver(tb_device *device, char *text, size_t count) {
    tb_take(&device->posting);
    if (device->port != 0 && !tb_dart_post(device->port, text, count)) device->port = 0; /* closed: its isolate is gone */
    tb_release(&device->posting);
}

static void post_error(tb_device *device, const char *user_data, int number, const char *reason) {
    tb_bytes text = {0};
    char code[32];
    tb_put(&text, "{\"callback\":\"apiCallback\",\"user_data\":", 38);
    tb_put_json(&text, user_data);
    snprintf(code, sizeof code, ",\"code\":%d,\"desc\":", number);
    tb_put(&text, code, strlen(code));
    tb_put_json(&text, reason);
    tb_put(&text, "}", 2);
    if (!text.broken) deliver(device, (char *)text.bytes, text.count - 1);
    tb_free(&text);
}

/* The reason does not change any more: the device is lost. */
static void post_lost(tb_device *device, const char *user_data) { post_error(device, user_data, TB_NO_NETWORK, device->reason); }

/* --- the end */

static void say_once(const char *reason) {
    static atomic_flag said = ATOMIC_FLAG_INIT;
    if (!atomic_flag_test_and_set(&said)) fprintf(stderr, "timbridge: %s\n", reason);
}

/* Give a device up; to be called without its lock. A reason of NULL is nobody's business. */
static void lose(tb_device *device, const char *reason) {
    tb_pending *pending, *next;
    tb_take(&device->lock);
    if (device->lost) {
        tb_release(&device->lock);
        return;
    }
    device->lost = true;
    snprintf(device->reason, sizeof device->reason, "%s", reason == NULL ? "the app has gone" : reason);
    pending = device->pending;
    device->pending = NULL;
    device->last_pending = &device->pending;
    tb_free(&device->out);
    if (device->connected) tb_shut(device->socket);
    tb_wake(&device->changed);
    tb_release(&device->lock);
    if (reason != NULL) say_once(reason);
    for (; pending != NULL; pending = next) {
        next = pending->next;
        post_lost(device, pending->user_data);
        forget_pending(pending);
    }
}

void tb_leave(tb_device *device) { lose(device, NULL); }

/* --- writing; all of it with the device's lock */

static void flush(tb_device *device) {
    while (device->out.count > device->out.at) {
        int sent = tb_send(device->socket, device->out.bytes + device->out.at, device->out.count - device->out.at);
        if (sent == TB_WOULD_BLOCK) return;
        if (sent == TB_DEAD) { /* the thread that reads finds out, too, and says so */
            tb_drop(&device->out, device->out.count - device->out.at);
            return;
        }
        tb_drop(&device->out, (size_t)sent);
    }
}

static void write_rest(void *given) {
    tb_device *device = given;
    tb_take(&device->lock);
    for (;;) {
        while (!device->lost && device->out.count == device->out.at) tb_await(&device->changed, &device->lock, -1);
        if (device->lost) break;
        tb_release(&device->lock);
        tb_ready(device->socket, true, -1);
        tb_take(&device->lock);
        flush(device);
    }
    tb_release(&device->lock);
}

static void write_out(tb_device *device, bool was_empty) {
    if (device->out.broken || device->out.count - device->out.at > MOST_WAITING) {
        tb_shut(device->socket);
        return;
    }
    if (was_empty) flush(device);
    if (device->out.count == device->out.at) return;
    if (!device->writing) device->writing = tb_start(write_rest, device);
    if (!device->writing) tb_shut(device->socket);
    tb_wake(&device->changed);
}

/* Write a call; of one that is NAMED the id as well, as one more value. */
static void put_call(tb_device *device, unsigned char kind, const char *name, const tb_value *values, int count, const char *id) {
    bool was_empty = device->out.count == device->out.at;
    size_t begun = tb_begin(&device->out, kind);
    size_t length = strlen(name);
    tb_put_number(&device->out, ++device->calls, 4);
    tb_put_number(&device->out, length, 1);
    tb_put(&device->out, name, length);
    tb_put_number(&device->out, (uint64_t)(count + (id != NULL)), 1);
    for (int at = 0; at < count; at++) tb_put_value(&device->out, values[at]);
    if (id != NULL) tb_put_value(&device->out, tb_text(id));
    tb_end(&device->out, begun);
    write_out(device, was_empty);
}

/* Remember what is due for the next call. */
static void expect_reply(tb_device *device, tb_due due) {
    tb_pending *pending;
    if (due.user_data == NULL) return;
    pending = calloc(1, sizeof *pending);
    if (pending == NULL) return;
    pending->number = device->calls + 1;
    pending->user_data = tb_copy(due.user_data, strlen(due.user_data));
    if (due.path != NULL) {
        pending->path = malloc(strlen(due.path) + 1);
        if (pending->path != NULL) strcpy(pending->path, due.path);
    }
    *device->last_pending = pending;
    device->last_pending = &pending->next;
}

/* Return where on the list it stands what is due for a call: NULL is there if it is not on it. */
static tb_pending **place_of(tb_device *device, uint32_t number) {
    tb_pending **at = &device->pending;
    while (*at != NULL && (*at)->number != number) at = &(*at)->next;
    return at;
}

/* Return what is due for a call, taken off the list; NULL if that is not on it any more. */
static tb_pending *got_reply(tb_device *device, uint32_t number) {
    tb_pending **at, *found;
    tb_take(&device->lock);
    at = place_of(device, number);
    found = *at;
    if (found != NULL) {
        *at = found->next;
        if (device->last_pending == &found->next) device->last_pending = at;
    }
    tb_release(&device->lock);
    return found;
}

/* --- reading */

/* Read a value, its text copied. Returns how many bytes it has, 0 if it has none. */
static size_t get_value(const unsigned char *at, size_t left, tb_value *value) {
    size_t count;
    *value = (tb_value){'n', 0, NULL};
    if (left == 0) return 0;
    value->type = (char)at[0];
    switch (at[0]) {
    case 'n':
    case 'f':
        return 1;
    case 't':
        value->number = 1;
        return 1;
    case 'i':
    case 'u':
        if (left < 9) return 0;
        value->number = (int64_t)tb_get_number(at + 1, 8);
        return 9;
    case 's':
        if (left < 5) return 0;
        count = (size_t)tb_get_number(at + 1, 4);
        if (count > left - 5) return 0;
        value->text = tb_copy(at + 5, count);
        return 5 + count;
    default:
        return 0;
    }
}

static void forget_value(tb_value *value) {
    if (value->text != NULL) tb_forget((char *)value->text);
    value->text = NULL;
}

static bool take_state(tb_device *device, const unsigned char *at, size_t count) {
    tb_value values[4]; /* user, status, how ids begin, their first number */
    size_t used = 0, step;
    int there = 0;
    bool right;
    for (; there < 4; there++, used += step)
        if ((step = get_value(at + used, count - used, &values[there])) == 0) break;
    right = there == 4 && values[0].type == 's' && values[1].type == 'i' && values[3].type == 'i';
    if (!right) {
        for (int value = 0; value < there; value++) forget_value(&values[value]);
        return false;
    }
    tb_take(&device->lock);
    tb_forget(device->user);
    if (device->naming != NULL) tb_forget(device->naming);
    device->user = (char *)values[0].text;
    device->status = (int)values[1].number;
    device->naming = (char *)values[2].text;
    device->first = (uint32_t)values[3].number;
    tb_release(&device->lock);
    return true;
}

static bool take_result(tb_device *device, const unsigned char *at, size_t count) {
    tb_value result;
    bool expected;
    if (get_value(at, count, &result) == 0) {
        forget_value(&result);
        return false;
    }
    tb_take(&device->lock);
    expected = device->waiting && !device->returned;
    if (expected) {
        device->result = result;
        device->returned = true;
        tb_wake(&device->changed);
    }
    tb_release(&device->lock);
    if (!expected) forget_value(&result);
    return expected;
}

/* Post what is the rest of a frame. The byte behind it is borrowed for the end of the text; there always is one. */
static void post_rest(tb_device *device, unsigned char *at, size_t count) {
    unsigned char behind = at[count];
    at[count] = 0;
    deliver(device, (char *)at, count);
    at[count] = behind;
}

/* The last answer of a call; one whose file could not be written says that in its place. */
static void take_reply(tb_device *device, unsigned char *at, size_t count) {
    tb_pending *found = got_reply(device, (uint32_t)tb_get_number(at, 4));
    if (found != NULL && found->unwritten != NULL) post_error(device, found->user_data, TB_LOCAL_FILE, found->unwritten);
    else if (count > 4) post_rest(device, at + 4, count - 4);
    if (found != NULL) forget_pending(found);
}

/* Write what a call has brought to where it said, and post what is to be said then. Only this thread takes calls off the list, but for an end that hears of nothing more. */
static bool take_file(tb_device *device, unsigned char *at, size_t left) {
    char *path = NULL, why[TB_LONGEST_REASON];
    tb_pending *found;
    uint32_t number;
    size_t count;
    if (left < 8) return false;
    number = (uint32_t)tb_get_number(at, 4);
    count = (size_t)tb_get_number(at + 4, 4);
    at += 8;
    left -= 8;
    if (count > left) return false;
    tb_take(&device->lock);
    found = *place_of(device, number);
    if (found != NULL && found->path != NULL) path = tb_copy(found->path, strlen(found->path));
    tb_release(&device->lock);
    if (path == NULL) return true;
    if (tb_write_file(path, at, count, why, sizeof why)) {
        post_rest(device, at + count, left - count);
    } else {
        tb_take(&device->lock);
        found = *place_of(device, number);
        if (found != NULL && found->unwritten == NULL && (found->unwritten = malloc(strlen(why) + 1)) != NULL) strcpy(found->unwritten, why);
        tb_release(&device->lock);
    }
    tb_forget(path);
    return true;
}

/* Send a mark back: all that came before it has been dealt with, and all that was called before goes ahead of it. */
static void return_mark(tb_device *device, const unsigned char *rest, size_t count) {
    tb_take(&device->lock);
    if (!device->lost) {
        bool was_empty = device->out.count == device->out.at;
        size_t begun = tb_begin(&device->out, MARK);
        tb_put(&device->out, rest, count);
        tb_end(&device->out, begun);
        write_out(device, was_empty);
    }
    tb_release(&device->lock);
}

/* Deal with a frame. Returns false where nothing that follows can be understood. */
static bool take_frame(tb_device *device, unsigned char *at, size_t count) {
    unsigned char *rest = at + 1;
    size_t left = count - 1;
    switch (at[0]) {
    case STATE:
        return take_state(device, rest, left);
    case POST:
        post_rest(device, rest, left);
        return true;
    case REPLY:
        if (left < 4) return false;
        take_reply(device, rest, left);
        return true;
    case FILE_OF:
        return take_file(device, rest, left);
    case RETURN:
        return take_result(device, rest, left);
    case REFUSED: {
        char *reason = tb_copy(rest, left);
        lose(device, reason);
        tb_forget(reason);
        return true;
    }
    case MARK:
        return_mark(device, rest, left);
        return true;
    default:
        return false;
    }
}

/* Deal with all frames that are there. Returns false where nothing that follows can be understood. */
static bool take_frames(tb_device *device, tb_bytes *in) {
    tb_put(in, "", 1); /* room for the end of a text */
    if (in->broken) return false;
    in->count--;
    while (in->count - in->at >= 4) {
        size_t length = (size_t)tb_get_number(in->bytes + in->at, 4);
        if (length < 1 || length > LONGEST) return false;
        if (in->count - in->at - 4 < length) break;
        if (!take_frame(device, in->bytes + in->at + 4, length)) return false;
        tb_drop(in, 4 + length);
    }
    return true;
}

static void set_reading(tb_device *device, bool reading) {
    tb_take(&device->lock);
    device->reading = reading;
    if (!reading) tb_wake(&device->changed);
    tb_release(&device->lock);
}

static void read_all(void *given) {
    tb_device *device = given;
    tb_bytes in = {0};
    unsigned char *chunk = malloc(CHUNK);
    const char *reason = chunk == NULL ? "there is no memory left" : NULL;
    while (reason == NULL) {
        int received;
        tb_ready(device->socket, false, -1);
        set_reading(device, true);
        received = tb_receive(device->socket, chunk, CHUNK);
        if (received == 0 || received == TB_DEAD) reason = "the connection to the bridge is gone; start the app again to get a new one";
        if (received > 0) {
            tb_put(&in, chunk, (size_t)received);
            if (!take_frames(device, &in)) reason = "the bridge speaks in a way that this library does not know: build it again";
        }
        set_reading(device, false);
    }
    lose(device, reason);
    tb_free(&in);
    free(chunk);
}

/* --- connecting */

static const char *setting(const char *name) {
    const char *value = getenv(name);
    return value == NULL || value[0] == 0 ? NULL : value;
}

/* Say who we are, as the first thing of all. */
static void put_hello(tb_device *device) {
    char name[200];
    const char *given = setting("TIMBRIDGE_DEVICE");
    size_t begun;
    snprintf(name, sizeof name, device->number > 1 ? "%s-%d" : "%s", given == NULL ? "app" : given, device->number);
    tb_put(&device->out, "TBN1", 4);
    begun = tb_begin(&device->out, HELLO);
    tb_put_value(&device->out, tb_text(setting("TIMBRIDGE_TOKEN")));
    tb_put_value(&device->out, tb_text(setting("TIMBRIDGE_WORLD")));
    tb_put_value(&device->out, tb_text(name));
    tb_put_value(&device->out, tb_unsigned(tb_process()));
    tb_put_value(&device->out, tb_signed(FRAMES_VERSION));
    tb_end(&device->out, begun);
}

/* Connect to the address of the environment. Returns false with the reason. */
static bool connect_device(tb_device *device, char *why, size_t room) {
    char host[256];
    const char *address = setting("TIMBRIDGE_ADDRESS"), *port;
    size_t length;
    if (address == NULL) {
        snprintf(why, room, "TIMBRIDGE_ADDRESS is not set; run the app by `timbridge exec --native -- COMMAND`");
        return false;
    }
    if (strncmp(address, "tcp://", 6) == 0) address += 6;
    port = strrchr(address, ':');
    length = port == NULL ? 0 : (size_t)(port - address);
    if (length == 0 || length >= sizeof host) {
        snprintf(why, room, "TIMBRIDGE_ADDRESS is not HOST:PORT");
        return false;
    }
    if (address[0] == '[' && address[length - 1] == ']') {
        address++;
        length -= 2;
    }
    memcpy(host, address, length);
    host[length] = 0;
    device->socket = tb_connect(host, port + 1, CONNECT_MS, why, room);
    if (device->socket == TB_NO_SOCKET) return false;
    device->connected = true;
    put_hello(device);
    if (tb_start(read_all, device)) return true;
    snprintf(why, room, "there can be no further thread");
    return false;
}

/* Connect if that was not tried yet; with the device's lock. Returns whether there is a connection. */
static bool is_there(tb_device *device) {
    if (!device->connected && !device->lost && !connect_device(device, device->reason, sizeof device->reason)) {
        device->lost = true;
        say_once(device->reason);
    }
    return !device->lost;
}

tb_device *tb_device_new(int number, void *isolate) {
    tb_device *device = calloc(1, sizeof *device);
    if (device == NULL) abort(); /* there is nothing that could be answered */
    device->number = number;
    device->isolate = isolate;
    device->socket = TB_NO_SOCKET;
    device->last_pending = &device->pending;
    device->user = tb_copy("", 0);
    device->status = TB_LOGGED_OUT;
    tb_lock_new(&device->posting);
    tb_lock_new(&device->lock);
    tb_signal_new(&device->changed);
    return device;
}

/* --- calls */

void tb_call(tb_device *device, const char *name, const tb_value *values, int count, tb_due due) {
    bool there;
    tb_take(&device->lock);
    there = is_there(device);
    if (there) {
        expect_reply(device, due);
        put_call(device, CALL, name, values, count, NULL);
    }
    tb_release(&device->lock);
    if (!there && due.user_data != NULL) post_lost(device, due.user_data);
}

bool tb_call_named(tb_device *device, const char *name, const tb_value *values, int count, tb_due due, char id[TB_LONGEST_ID]) {
    bool can;
    tb_take(&device->lock);
    can = is_there(device) && device->naming != NULL && strlen(device->naming) < TB_LONGEST_ID - 16;
    if (can) {
        snprintf(id, TB_LONGEST_ID, "%s%lu", device->naming, (unsigned long)(uint32_t)(device->first + device->named++ * (uint32_t)NEXT_NUMBER));
        expect_reply(device, due);
        put_call(device, NAMED, name, values, count, id);
    }
    tb_release(&device->lock);
    return can;
}

bool tb_wait(tb_device *device, const char *name, const tb_value *values, int count, tb_due due, tb_value *result) {
    bool there;
    *result = (tb_value){'n', 0, NULL};
    tb_take(&device->lock);
    there = is_there(device);
    while (!device->lost && device->waiting) tb_await(&device->changed, &device->lock, -1);
    if (there && !device->lost) {
        expect_reply(device, due);
        device->waiting = true;
        device->returned = false;
        put_call(device, WAIT, name, values, count, NULL);
        while (!device->lost && !device->returned) tb_await(&device->changed, &device->lock, -1);
        there = device->returned;
        if (there) *result = device->result;
        device->waiting = false;
        tb_wake(&device->changed);
        due.user_data = NULL; /* if it was lost, whoever noticed has posted that */
    } else {
        there = false;
    }
    tb_release(&device->lock);
    if (due.user_data != NULL) post_lost(device, due.user_data);
    return there;
}

void tb_catch_up(tb_device *device) {
    int left_ms = CATCH_UP_MS;
    tb_take(&device->lock);
    while (is_there(device) && left_ms-- > 0 && (device->reading || tb_ready(device->socket, false, 0)))
        tb_await(&device->changed, &device->lock, 1);
    if (device->lost && device->user[0] != 0) {
        tb_forget(device->user);
        device->user = tb_copy("", 0);
    }
    if (device->lost) device->status = TB_LOGGED_OUT;
    tb_release(&device->lock);
}

const char *tb_keep(tb_device *device, int slot, char *text) {
    char **place;
    tb_take(&device->lock);
    place = &device->kept[slot][device->kept_at[slot]++ % TB_KEPT];
    if (*place != NULL) tb_forget(*place);
    *place = text;
    tb_release(&device->lock);
    return text;
}
