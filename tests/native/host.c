/*
 * A program that plays Dart to the library it is linked with: several threads call with texts that are freed at once, while posts are read on
 * the library's threads. It prints how many texts were posted, and ends while some may still come.
 */

#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

intptr_t DartInitDartApiDL(void *data);
void DartRegisterSendPort(int64_t send_port);
void DartUnregisterSendPort(int64_t send_port);
void DartSetNetworkStatusListenerCallback(void *user_data);
int DartInitSDK(uint64_t sdk_app_id, const char *json_sdk_config);
int DartUnitSDK(void);
int DartLogin(const char *user_id, const char *user_sig, void *user_data);
const char *DartGetLoginUserID(void);
int DartJoinGroup(const char *group_id, const char *hello_msg, void *user_data);
int DartSetConversationDraft(const char *conv_id, unsigned int conv_type, const char *json_draft_param);

enum { THREADS = 4, CALLS = 200, STRING = 5 };

typedef struct {
    int32_t type;
    union {
        const char *text;
        intptr_t room[5];
    } as;
} message;

static atomic_long posted, letters;
static _Thread_local intptr_t isolate;

static bool post(int64_t port, message *said) {
    if (port == 0 || said->type != STRING) abort();
    atomic_fetch_add(&letters, (long)strlen(said->as.text));
    atomic_fetch_add(&posted, 1);
    return true;
}

static void *current(void) { return (void *)isolate; }

static struct {
    const char *name;
    void (*function)(void);
} entries[] = {{"Dart_PostCObject", (void (*)(void))post}, {"Dart_CurrentIsolate", (void (*)(void))current}, {NULL, NULL}};

static struct {
    int major, minor;
    void *entries;
} table = {2, 5, entries};

static char *text(const char *what, long number) {
    char *made = malloc(64);
    snprintf(made, 64, "%s-%ld", what, number);
    return made;
}

static void drop(char *made) {
    memset(made, 0xDD, 64);
    free(made);
}

static void *work(void *given) {
    long thread = (long)(intptr_t)given;
    isolate = 0x1000;
    for (long number = 0; number < CALLS; number++) {
        char *group = text("group", number), *user_data = text("join", thread * CALLS + number + 10);
        if (DartJoinGroup(group, "", user_data) != 0) abort();
        if (number % 10 == 0 && DartSetConversationDraft(group, 1, "{}") != 7) abort();
        drop(group);
        drop(user_data);
    }
    return NULL;
}

static void wait_for(long count) {
    struct timespec moment = {0, 2000000};
    for (int patience = 0; atomic_load(&posted) < count; patience++) {
        if (patience > 30000) abort();
        nanosleep(&moment, NULL);
    }
}

static void start(int64_t port, const char *user, long number) {
    char *switched = text("setSdkListener", number), *user_data = text("login", number + 1);
    DartSetNetworkStatusListenerCallback(switched);
    drop(switched);
    if (DartInitDartApiDL(&table) != 0) abort();
    DartRegisterSendPort(port);
    if (DartInitSDK(1, "{}") != 0) abort();
    if (DartLogin(user, "sig", user_data) != 0) abort();
    drop(user_data);
}

static void *other_isolate(void *given) {
    (void)given;
    isolate = 0x2000;
    start(2, "bob", 1);
    DartSetConversationDraft("x", 1, "{}");
    if (strcmp(DartGetLoginUserID(), "bob") != 0) abort();
    return NULL;
}

int main(void) {
    pthread_t threads[THREADS], other;
    isolate = 0x1000;
    start(1, "alice", 1);
    for (intptr_t at = 0; at < THREADS; at++) pthread_create(&threads[at], NULL, work, (void *)at);
    for (int at = 0; at < THREADS; at++) pthread_join(threads[at], NULL);
    wait_for(THREADS * CALLS + 1);
    if (strcmp(DartGetLoginUserID(), "alice") != 0) abort();
    pthread_create(&other, NULL, other_isolate, NULL);
    pthread_join(other, NULL);
    if (strcmp(DartGetLoginUserID(), "alice") != 0) abort();
    wait_for(THREADS * CALLS + 2);
    DartUnregisterSendPort(1);
    if (DartUnitSDK() != 0) abort();
    DartRegisterSendPort(3);
    if (DartInitSDK(1, "{}") != 0) abort();
    printf("%ld\n", atomic_load(&posted));
    fflush(stdout);
    for (long number = 0; number < CALLS; number++) {
        char *user_data = text("late", 100000 + number);
        DartJoinGroup("group", "", user_data);
        drop(user_data);
    }
    return 7; /* while texts are being posted */
}
