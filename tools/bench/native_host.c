/*
 * A program that plays Dart to a library and measures it: native_host LIBRARY ROUNDS TIMES SENDS. Prints a name and seconds in each line.
 * Like Dart's event loop it sleeps until something is posted.
 */

#define _POSIX_C_SOURCE 200809L

#include "dart_api.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long replies, events;

static bool post(int64_t port, dart_message *said) {
    (void)port;
    pthread_mutex_lock(&lock);
    if (strstr(said->as.text, "\"callback\":\"apiCallback\"") != NULL) replies++;
    else events++;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    return true;
}

static const dart_entry entries[] = {{"Dart_PostCObject", (void (*)(void))post}, {NULL, NULL}};

static dart_table table = {DART_MAJOR, 5, entries};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void until(long *counter, long count) {
    pthread_mutex_lock(&lock);
    while (*counter < count) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

static long seen(long *counter) {
    long count;
    pthread_mutex_lock(&lock);
    count = *counter;
    pthread_mutex_unlock(&lock);
    return count;
}

static void *library;

static void *find(const char *name) {
    void *found = dlsym(library, name);
    if (found == NULL) {
        fprintf(stderr, "%s is missing\n", name);
        exit(1);
    }
    return found;
}

int main(int count, char **words) {
    double began = now();
    int rounds, times, sends;
    long numbered = 0;
    char user_data[64];
    if (count != 5) return 2;
    rounds = atoi(words[2]);
    times = atoi(words[3]);
    sends = atoi(words[4]);
    library = dlopen(words[1], RTLD_NOW);
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    intptr_t (*init_api)(void *) = (intptr_t(*)(void *))find("DartInitDartApiDL");
    void (*register_port)(int64_t) = (void (*)(int64_t))find("DartRegisterSendPort");
    void (*switch_on)(void *) = (void (*)(void *))find("DartSetConvEventCallback");
    int (*init)(uint64_t, const char *) = (int (*)(uint64_t, const char *))find("DartInitSDK");
    int (*login)(const char *, const char *, void *) = (int (*)(const char *, const char *, void *))find("DartLogin");
    const char *(*user)(void) = (const char *(*)(void))find("DartGetLoginUserID");
    uint64_t (*server_time)(void) = (uint64_t(*)(void))find("DartGetServerTime");
    int (*pin)(const char *, unsigned int, bool, void *) = (int (*)(const char *, unsigned int, bool, void *))find("DartPinConversation");
    const char *(*send)(const char *, unsigned int, const char *, void *) =
        (const char *(*)(const char *, unsigned int, const char *, void *))find("DartSendMessage");
    init_api(&table);
    register_port(1);
    if (init(1400000000, "{}") != 0) return 1;
    printf("start %.9f\n", now() - began);
    login("alice", "sig", "login-10");
    until(&replies, ++numbered);
    const char *text = "{\"message_elem_array\":[{\"elem_type\":0,\"text_elem_content\":\"hello\"}]}";
    send("bob", 1, text, "send-11");
    until(&replies, ++numbered);
    for (int round = 0; round < rounds; round++) {
        double start = now();
        for (int at = 0; at < times; at++) user();
        printf("local %.9f\n", (now() - start) / times);
        start = now();
        for (int at = 0; at < times; at++) server_time();
        printf("wait %.9f\n", (now() - start) / times);
        start = now();
        for (int at = 0; at < times; at++) {
            snprintf(user_data, sizeof user_data, "pinConversation-%ld", numbered + 100);
            pin("bob", 1, at % 2 == 0, user_data);
            until(&replies, ++numbered);
        }
        printf("trip %.9f\n", (now() - start) / times);
    }
    switch_on("setConversationListener-3"); /* from here on a pin is heard of, too */
    for (int round = 0; round < rounds; round++) {
        double start = now();
        for (int at = 0; at < times; at++) {
            long before = seen(&events);
            snprintf(user_data, sizeof user_data, "pinConversation-%ld", numbered + 100);
            pin("bob", 1, at % 2 == 0, user_data);
            numbered++;
            until(&events, before + 1);
        }
        until(&replies, numbered);
        printf("event %.9f\n", (now() - start) / times);
    }
    double start = now();
    for (int at = 0; at < sends; at++) {
        snprintf(user_data, sizeof user_data, "sendMessage-%ld", numbered + 100);
        send("bob", 1, text, user_data);
        numbered++;
    }
    printf("sent %.9f\n", (now() - start) / sends);
    until(&replies, numbered);
    printf("sends %.9f\n", (now() - start) / sends);
    fflush(stdout);
    _Exit(0);
}
