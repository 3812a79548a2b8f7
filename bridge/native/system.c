/* See system.h. */

#ifndef _WIN32
#define _POSIX_C_SOURCE 200809L
#define _DARWIN_C_SOURCE 1
#endif

#include "system.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32

#include <ws2tcpip.h>

void tb_lock_new(tb_lock *lock) { InitializeSRWLock(lock); }
void tb_take(tb_lock *lock) { AcquireSRWLockExclusive(lock); }
void tb_release(tb_lock *lock) { ReleaseSRWLockExclusive(lock); }
void tb_signal_new(tb_signal *signal) { InitializeConditionVariable(signal); }
void tb_wake(tb_signal *signal) { WakeAllConditionVariable(signal); }
unsigned long tb_process(void) { return (unsigned long)GetCurrentProcessId(); }

void tb_await(tb_signal *signal, tb_lock *lock, int patience_ms) {
    SleepConditionVariableSRW(signal, lock, patience_ms < 0 ? INFINITE : (DWORD)patience_ms, 0);
}

struct start {
    void (*body)(void *);
    void *argument;
};

static DWORD WINAPI run(LPVOID given) {
    struct start start = *(struct start *)given;
    free(given);
    start.body(start.argument);
    return 0;
}

bool tb_start(void (*body)(void *), void *argument) {
    struct start *start = malloc(sizeof *start);
    HANDLE thread;
    if (start == NULL) return false;
    start->body = body;
    start->argument = argument;
    thread = CreateThread(NULL, 0, run, start, 0, NULL);
    if (thread == NULL) {
        free(start);
        return false;
    }
    CloseHandle(thread);
    return true;
}

enum { LONGEST_PATH = 4096 };

/* Return a path as Windows has it; false for one that is too long or no text. */
static bool as_wide(const char *path, wchar_t *wide) {
    return MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide, LONGEST_PATH) > 0;
}

static void make_folder(const char *path) {
    wchar_t wide[LONGEST_PATH];
    if (as_wide(path, wide)) CreateDirectoryW(wide, NULL);
}

static FILE *open_file(const char *path) {
    wchar_t wide[LONGEST_PATH];
    errno = EINVAL;
    return as_wide(path, wide) ? _wfopen(wide, L"wb") : NULL;
}

static bool is_separator(char letter) { return letter == '/' || letter == '\\'; }

static bool begin(void) {
    WSADATA data;
    return WSAStartup(MAKEWORD(2, 2), &data) == 0;
}

static void never_block(tb_socket socket) {
    u_long on = 1;
    ioctlsocket(socket, FIONBIO, &on);
}

static bool in_progress(void) { return WSAGetLastError() == WSAEWOULDBLOCK; }
static bool would_block(void) { return WSAGetLastError() == WSAEWOULDBLOCK; }
static void shut(tb_socket socket) { shutdown(socket, SD_BOTH); }
static void give_up(tb_socket socket) { closesocket(socket); }
static int wait_for(WSAPOLLFD *item, int patience_ms) { return WSAPoll(item, 1, patience_ms); }
typedef WSAPOLLFD poll_item;
#define SEND_FLAGS 0

#else

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void tb_lock_new(tb_lock *lock) { pthread_mutex_init(lock, NULL); }
void tb_take(tb_lock *lock) { pthread_mutex_lock(lock); }
void tb_release(tb_lock *lock) { pthread_mutex_unlock(lock); }
void tb_signal_new(tb_signal *signal) { pthread_cond_init(signal, NULL); }
void tb_wake(tb_signal *signal) { pthread_cond_broadcast(signal); }
unsigned long tb_process(void) { return (unsigned long)getpid(); }

void tb_await(tb_signal *signal, tb_lock *lock, int patience_ms) {
    struct timespec until;
    if (patience_ms < 0) {
        pthread_cond_wait(signal, lock);
        return;
    }
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += patience_ms / 1000;
    until.tv_nsec += (long)(patience_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_cond_timedwait(signal, lock, &until);
}

struct start {
    void (*body)(void *);
    void *argument;
};

static void *run(void *given) {
    struct start start = *(struct start *)given;
    free(given);
    start.body(start.argument);
    return NULL;
}

bool tb_start(void (*body)(void *), void *argument) {
    struct start *start = malloc(sizeof *start);
    pthread_t thread;
    if (start == NULL) return false;
    start->body = body;
    start->argument = argument;
    if (pthread_create(&thread, NULL, run, start) != 0) {
        free(start);
        return false;
    }
    pthread_detach(thread);
    return true;
}

static void make_folder(const char *path) { mkdir(path, 0777); }
static FILE *open_file(const char *path) { return fopen(path, "wb"); }
static bool is_separator(char letter) { return letter == '/'; }
static bool begin(void) { return true; }

static void never_block(tb_socket socket) {
    fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
    fcntl(socket, F_SETFD, FD_CLOEXEC);
#ifdef SO_NOSIGPIPE
    int on = 1;
    setsockopt(socket, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
}

static bool in_progress(void) { return errno == EINPROGRESS || errno == EINTR; }
static bool would_block(void) { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }
static void shut(tb_socket socket) { shutdown(socket, SHUT_RDWR); }
static void give_up(tb_socket socket) { close(socket); }

static int wait_for(struct pollfd *item, int patience_ms) {
    int ready;
    do ready = poll(item, 1, patience_ms);
    while (ready < 0 && errno == EINTR);
    return ready;
}

typedef struct pollfd poll_item;
#ifdef MSG_NOSIGNAL
#define SEND_FLAGS MSG_NOSIGNAL
#else
#define SEND_FLAGS 0
#endif

#endif

static tb_socket connect_to(const struct addrinfo *address, int patience_ms) {
    tb_socket made = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
    int on = 1, error = 0;
    socklen_t size = sizeof error;
    if (made == TB_NO_SOCKET) return TB_NO_SOCKET;
    never_block(made);
    if (connect(made, address->ai_addr, (socklen_t)address->ai_addrlen) != 0 &&
        !(in_progress() && tb_ready(made, true, patience_ms) &&
          getsockopt(made, SOL_SOCKET, SO_ERROR, (void *)&error, &size) == 0 && error == 0)) {
        give_up(made);
        return TB_NO_SOCKET;
    }
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, (const void *)&on, sizeof on);
    setsockopt(made, SOL_SOCKET, SO_KEEPALIVE, (const void *)&on, sizeof on);
    return made;
}

tb_socket tb_connect(const char *host, const char *port, int patience_ms, char *why, size_t room) {
    struct addrinfo hints, *found = NULL;
    tb_socket made = TB_NO_SOCKET;
    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    if (!begin() || getaddrinfo(host, port, &hints, &found) != 0) {
        snprintf(why, room, "there is no address %s:%s", host, port);
        return TB_NO_SOCKET;
    }
    for (const struct addrinfo *at = found; at != NULL && made == TB_NO_SOCKET; at = at->ai_next)
        made = connect_to(at, patience_ms);
    freeaddrinfo(found);
    if (made == TB_NO_SOCKET) snprintf(why, room, "no bridge listens on %s:%s", host, port);
    return made;
}

int tb_send(tb_socket socket, const void *bytes, size_t count) {
    int sent = (int)send(socket, bytes, count > 1 << 20 ? 1 << 20 : (int)count, SEND_FLAGS);
    if (sent >= 0) return sent;
    return would_block() ? TB_WOULD_BLOCK : TB_DEAD;
}

int tb_receive(tb_socket socket, void *bytes, size_t room) {
    int received = (int)recv(socket, bytes, room > 1 << 20 ? 1 << 20 : (int)room, 0);
    if (received >= 0) return received;
    return would_block() ? TB_WOULD_BLOCK : TB_DEAD;
}

bool tb_ready(tb_socket socket, bool to_write, int patience_ms) {
    poll_item item;
    memset(&item, 0, sizeof item);
    item.fd = socket;
    item.events = to_write ? POLLOUT : POLLIN;
    return wait_for(&item, patience_ms) > 0;
}

void tb_shut(tb_socket socket) { shut(socket); }

/* Make all folders on the way to a file; what comes of it shows when the file is opened. */
static void make_folders(const char *path) {
    size_t length = strlen(path);
    char *part = malloc(length + 1);
    if (part == NULL) return;
    for (size_t at = 1; at < length; at++) {
        if (!is_separator(path[at])) continue;
        memcpy(part, path, at);
        part[at] = 0;
        make_folder(part);
    }
    free(part);
}

bool tb_write_file(const char *path, const void *bytes, size_t count, char *why, size_t room) {
    FILE *file;
    bool done;
    make_folders(path);
    file = open_file(path);
    done = file != NULL && fwrite(bytes, 1, count, file) == count;
    if (file != NULL && fclose(file) != 0) done = false;
    if (!done) snprintf(why, room, "cannot write %s: %s", path, strerror(errno));
    return done;
}
