/*
 * What exports are made of, the few that are written by hand, and which device of this process a call is for.
 *
 * One isolate is one device. Which isolate calls is asked of the VM only once a second one has shown up: Dart numbers its
 * `user_data` in every isolate from 1, so a start whose number was there before is the start of another isolate.
 */

#include "library.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { USER_SLOT = TB_FUNCTION_SLOTS - 1 };
static const char first_function[] = "DartSetNetworkStatusListenerCallback"; /* of every initSDK */

static tb_lock all = TB_LOCK_INIT;
static tb_device *devices;
static int numbered;
static long highest;
static bool asks;

static tb_device *add(void *isolate) {
    tb_device *made = tb_device_new(++numbered, isolate);
    made->next = devices;
    devices = made;
    return made;
}

static void take_away(tb_device *gone) {
    for (tb_device **at = &devices; *at != NULL; at = &(*at)->next)
        if (*at == gone) {
            *at = gone->next;
            return; /* it is not freed: its threads may still look at it */
        }
}

static tb_device *of_isolate(void *isolate) {
    for (tb_device *at = devices; at != NULL; at = at->next)
        if (at->isolate == isolate) return at;
    return NULL;
}

static bool is_gone(tb_device *device) {
    bool gone;
    tb_take(&device->posting);
    gone = device->port == 0;
    tb_release(&device->posting);
    return gone;
}

/* Another isolate has started: apps whose port is closed are gone (a hot restart). */
static tb_device *start_isolate(void *isolate) {
    tb_device *same = of_isolate(isolate), *next;
    for (tb_device *at = devices; at != NULL; at = next) {
        next = at->next;
        if (at == same || is_gone(at)) {
            take_away(at);
            tb_leave(at);
        }
    }
    return add(isolate);
}

/* Return whether a call is the first one of an isolate that was not heard of before. */
static bool is_another(const char *name, const char *user_data) {
    const char *digits = user_data == NULL ? NULL : strrchr(user_data, '-');
    long number = digits == NULL ? 0 : strtol(digits + 1, NULL, 10);
    bool another = number > 0 && number <= highest && strcmp(name, first_function) == 0;
    if (another || number > highest) highest = number;
    return another;
}

static tb_device *here(const char *name, const char *user_data) {
    tb_device *found;
    void *isolate;
    tb_take(&all);
    if (is_another(name, user_data)) {
        isolate = tb_dart_isolate();
        if (!asks && devices != NULL && isolate == NULL) { /* no VM that could tell: the same app, started again */
            found = devices;
        } else {
            asks = true;
            found = start_isolate(isolate);
        }
    } else if (!asks) {
        found = devices == NULL ? add(NULL) : devices;
    } else {
        isolate = tb_dart_isolate();
        found = of_isolate(isolate);
        if (found == NULL && (found = of_isolate(NULL)) != NULL) found->isolate = isolate; /* the first one, seen again */
        if (found == NULL) found = add(isolate);
    }
    tb_release(&all);
    return found;
}

/* The last argument is user_data wherever a text for the port is due. */
static const char *user_data_of(const tb_value *values, int count) { return count == 0 ? NULL : values[count - 1].text; }

static const tb_due nothing = {NULL, NULL};

static tb_due reply_to(const tb_value *values, int count) { return (tb_due){user_data_of(values, count), NULL}; }

void tb_note(const char *name, const tb_value *values, int count) {
    tb_call(here(name, user_data_of(values, count)), name, values, count, nothing);
}

int tb_post(const char *name, const tb_value *values, int count) {
    tb_due due = reply_to(values, count);
    tb_call(here(name, due.user_data), name, values, count, due);
    return 0;
}

int tb_post_file(int path, const char *name, const tb_value *values, int count) {
    tb_due due = reply_to(values, count);
    due.path = values[path].text;
    tb_call(here(name, due.user_data), name, values, count, due);
    return 0;
}

void tb_wait_nothing(const char *name, const tb_value *values, int count) {
    tb_value result;
    tb_wait(here(name, NULL), name, values, count, nothing, &result);
    if (result.text != NULL) tb_forget((char *)result.text);
}

int tb_wait_int(const char *name, const tb_value *values, int count) {
    tb_value result;
    bool there = tb_wait(here(name, NULL), name, values, count, nothing, &result);
    if (result.text != NULL) tb_forget((char *)result.text);
    return there ? (int)result.number : TB_NO_NETWORK;
}

uint64_t tb_wait_number(const char *name, const tb_value *values, int count) {
    tb_value result;
    bool there = tb_wait(here(name, NULL), name, values, count, nothing, &result);
    if (result.text != NULL) tb_forget((char *)result.text);
    return there ? (uint64_t)result.number : (uint64_t)time(NULL);
}

const char *tb_wait_text(int slot, const char *lost, const char *name, const tb_value *values, int count) {
    tb_due due = reply_to(values, count);
    tb_device *device = here(name, due.user_data);
    tb_value result;
    if (!tb_wait(device, name, values, count, due, &result)) return lost;
    return result.text == NULL ? "" : tb_keep(device, slot, (char *)result.text);
}

const char *tb_name_text(int slot, const char *lost, int text, const char *mark, const char *name, const tb_value *values, int count) {
    const char *said = values[text].text;
    char id[TB_LONGEST_ID];
    if (said == NULL || strstr(said, mark) == NULL) {
        tb_due due = reply_to(values, count);
        tb_device *device = here(name, due.user_data);
        if (tb_call_named(device, name, values, count, due, id)) return tb_keep(device, slot, tb_copy(id, strlen(id)));
    }
    return tb_wait_text(slot, lost, name, values, count);
}

/* --- by hand */

TB_EXPORT intptr_t DartInitDartApiDL(void *data) { return tb_dart_take(data); }

/* What was sent before must not reach the new port: there is none until all of it has been dealt with. */
TB_EXPORT void DartRegisterSendPort(int64_t send_port) {
    const tb_value values[] = {tb_signed(send_port)};
    tb_device *device = here("DartRegisterSendPort", NULL);
    tb_value result;
    tb_set_port(device, 0);
    tb_wait(device, "DartRegisterSendPort", values, 1, nothing, &result);
    if (result.text != NULL) tb_forget((char *)result.text);
    tb_set_port(device, send_port);
}

TB_EXPORT void DartUnregisterSendPort(int64_t send_port) {
    const tb_value values[] = {tb_signed(send_port)};
    tb_device *device = here("DartUnregisterSendPort", NULL);
    tb_value result;
    tb_set_port(device, 0);
    tb_wait(device, "DartUnregisterSendPort", values, 1, nothing, &result);
    if (result.text != NULL) tb_forget((char *)result.text);
}

TB_EXPORT const char *DartGetLoginUserID(void) {
    tb_device *device = here("DartGetLoginUserID", NULL);
    char *copied;
    tb_catch_up(device);
    tb_take(&device->lock);
    copied = tb_copy(device->user, strlen(device->user));
    tb_release(&device->lock);
    return tb_keep(device, USER_SLOT, copied);
}

TB_EXPORT int DartGetLoginStatus(void) {
    tb_device *device = here("DartGetLoginStatus", NULL);
    int status;
    tb_catch_up(device);
    tb_take(&device->lock);
    status = device->status;
    tb_release(&device->lock);
    return status;
}
