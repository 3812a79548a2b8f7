/* What differs by operating system: sockets, threads, locks. Nothing else of the library knows which one it runs on. */

#ifndef TB_SYSTEM_H
#define TB_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>

#ifdef _WIN32
#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0600 /* WSAPoll, locks and conditions */
#endif
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <winsock2.h>
#include <windows.h>
typedef SRWLOCK tb_lock;
typedef CONDITION_VARIABLE tb_signal;
typedef SOCKET tb_socket;
#define TB_LOCK_INIT SRWLOCK_INIT
#define TB_NO_SOCKET INVALID_SOCKET
#define TB_EXPORT __declspec(dllexport)
#else
#include <pthread.h>
typedef pthread_mutex_t tb_lock;
typedef pthread_cond_t tb_signal;
typedef int tb_socket;
#define TB_LOCK_INIT PTHREAD_MUTEX_INITIALIZER
#define TB_NO_SOCKET (-1)
#define TB_EXPORT __attribute__((visibility("default")))
#endif

enum { TB_WOULD_BLOCK = -1, TB_DEAD = -2 };

void tb_lock_new(tb_lock *lock);
void tb_take(tb_lock *lock);
void tb_release(tb_lock *lock);
void tb_signal_new(tb_signal *signal);
/* Wait for a signal, giving the lock up meanwhile; at most so long, or for ever (-1). It may also return without any. */
void tb_await(tb_signal *signal, tb_lock *lock, int patience_ms);
void tb_wake(tb_signal *signal);

/* Start a thread that nobody joins. Returns whether there is one. */
bool tb_start(void (*body)(void *), void *argument);

/* Connect. Returns TB_NO_SOCKET, with the reason in `why`, if that is not to be had. The socket never blocks. */
tb_socket tb_connect(const char *host, const char *port, int patience_ms, char *why, size_t room);
/* Return how many bytes were moved, 0 at the end of input, TB_WOULD_BLOCK or TB_DEAD. */
int tb_send(tb_socket socket, const void *bytes, size_t count);
int tb_receive(tb_socket socket, void *bytes, size_t room);
/* Return whether the socket can be read from (written to) within that time, -1 being for ever. */
bool tb_ready(tb_socket socket, bool to_write, int patience_ms);
/* End both directions: who waits for the socket wakes up. It stays open until the process ends, so that its number is not given away. */
void tb_shut(tb_socket socket);

unsigned long tb_process(void);

/* Write a file (its path is UTF-8), with the folders that it lies in. Returns false with the reason in `why`. */
bool tb_write_file(const char *path, const void *bytes, size_t count, char *why, size_t room);

#endif
