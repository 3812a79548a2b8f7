/*
 * A program that plays Dart to the library it is linked with: several threads call with texts that are freed at once, while posts are read on
 * the library's threads. It prints how many texts were posted, and ends while some may still come. With a folder as its argument it sends
 * files and downloads them there, to a server that speaks the real dialect, and prints how many there are.
 */

#define _POSIX_C_SOURCE 200809L

#include "dart_api.h"

#include <pthread.h>
#include <stdatomic.h>
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
const char *DartSendMessage(const char *conv_id, unsigned int conv_type, const char *json_msg_param, void *user_data);
int DartDownloadElemToPath(const char *json_download_elem_param, const char *path, void *user_data);
int DartSetConversationDraft(const char *conv_id, unsigned int conv_type, const char *json_draft_param);

enum { THREADS = 4, CALLS = 200 };

static atomic_long posted, letters, downloaded;
static _Thread_local intptr_t isolate;

static bool post(int64_t port, dart_message *said) {
    if (port == 0 || said->type != DART_STRING) abort();
    atomic_fetch_add(&letters, (long)strlen(said->as.text));
    atomic_fetch_add(&posted, 1);
    if (strstr(said->as.text, "downloadMessage-") != NULL && strstr(said->as.text, "\"downloading\"") == NULL) atomic_fetch_add(&downloaded, 1);
    return true;
}

static void *current(void) { return (void *)isolate; }

static const dart_entry entries[] = {{"Dart_PostCObject", (void (*)(void))post}, {"Dart_CurrentIsolate", (void (*)(void))current}, {NULL, NULL}};

static dart_table table = {DART_MAJOR, 5, entries};

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

static void wait_for(atomic_long *counter, long count) {
    struct timespec moment = {0, 2000000};
    for (int patience = 0; atomic_load(counter) < count; patience++) {
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

static const char *folder;

/* Send a file, and download it: one after the other, since the address is made of the id that the send returns. */
static void *send_and_download(void *given) {
    long thread = (long)(intptr_t)given;
    isolate = 0x1000;
    for (long number = 0; number < CALLS / 4; number++) {
        char said[256], path[512], *message = malloc(64);
        char *sending = text("sendMessage", 1000 + thread * CALLS + number), *fetching = text("downloadMessage", 5000 + thread * CALLS + number);
        const char *id;
        snprintf(message, 64, "{\"message_elem_array\":[{\"elem_type\":2}]}");
        id = DartSendMessage("bob", 1, message, sending);
        if (strncmp(id, "144115", 6) != 0) abort();
        snprintf(said, sizeof said, "{\"msg_download_elem_param_url\":\"https://media.timbridge.invalid/%s\"}", id);
        snprintf(path, sizeof path, "%s/%ld/%ld", folder, thread, number);
        if (DartDownloadElemToPath(said, path, fetching) != 0) abort();
        memset(said, 0xDD, sizeof said);
        memset(path, 0xDD, sizeof path);
        drop(message);
        drop(sending);
        drop(fetching);
    }
    return NULL;
}

static int play_files(void) {
    pthread_t threads[THREADS];
    start(1, "alice", 1);
    for (intptr_t at = 0; at < THREADS; at++) pthread_create(&threads[at], NULL, send_and_download, (void *)at);
    for (int at = 0; at < THREADS; at++) pthread_join(threads[at], NULL);
    wait_for(&downloaded, THREADS * (CALLS / 4));
    printf("%ld\n", atomic_load(&downloaded));
    return 0;
}

int main(int count, char **words) {
    pthread_t threads[THREADS], other;
    isolate = 0x1000;
    if (count > 1) {
        folder = words[1];
        return play_files();
    }
    start(1, "alice", 1);
    for (intptr_t at = 0; at < THREADS; at++) pthread_create(&threads[at], NULL, work, (void *)at);
    for (int at = 0; at < THREADS; at++) pthread_join(threads[at], NULL);
    wait_for(&posted, THREADS * CALLS + 1);
    if (strcmp(DartGetLoginUserID(), "alice") != 0) abort();
    pthread_create(&other, NULL, other_isolate, NULL);
    pthread_join(other, NULL);
    if (strcmp(DartGetLoginUserID(), "alice") != 0) abort();
    wait_for(&posted, THREADS * CALLS + 2);
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
