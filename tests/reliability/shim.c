/* Stands between a process and its disk (LD_PRELOAD), for the files below one folder:

   SHIM_LOG   every change and every sync is appended to this file, in one order over all threads and processes, and it
              is in the kernel's hands at once, so that it survives kill -9. shim.py says how a record looks.
   SHIM_FULL  as long as this file exists, the disk is full: files can't grow; if it has content, no write gets through at
              all, as on a disk that never writes in place.

   A change is recorded after it was made. A sync has two records, one before and one after it: what was recorded before
   the first is on the disk by the second. So no record ever promises more than the kernel did.
   Linux, 64 bits. It knows the calls that SQLite and Python's files make, not writev and its kin. What is written through a
   memory map is not seen: of SQLite's files that is the -shm alone, which a power cut takes anyway. powercut.py compares:
   the log has to lead to the files that are there. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

_Static_assert(sizeof(off_t) == 8, "64 bits, so that pwrite and pwrite64 are the same");

enum kind { WRITE = 1, TRUNCATE, SYNC, SYNCED, UNLINK, RENAME };

struct head {
    uint32_t kind, name_length;
    uint64_t number, data_length;
};

static char folder[PATH_MAX], log_path[PATH_MAX], full_path[PATH_MAX];
static size_t folder_length;
static uint64_t syncs;

static void take(char *into, const char *name)
{
    const char *value = getenv(name);
    if (value && strlen(value) < PATH_MAX)
        strcpy(into, value);
}

__attribute__((constructor)) static void begin(void)
{
    take(folder, "SHIM_FOLDER");
    take(log_path, "SHIM_LOG");
    take(full_path, "SHIM_FULL");
    folder_length = strlen(folder);
}

/* A measurement that went on without a record would be a lie. */
static void give_up(const char *why)
{
    perror(why);
    abort();
}

static void record(enum kind kind, const char *name, uint64_t number, const void *data, uint64_t length)
{
    int before = errno;
    struct head head = {kind, strlen(name), number, length};
    struct iovec parts[] = {{&head, sizeof head}, {(void *)name, head.name_length}, {(void *)data, length}};
    if (!*log_path)
        return;
    int file = syscall(SYS_openat, AT_FDCWD, log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0)
        give_up("shim: the log can't be opened");
    if (syscall(SYS_writev, file, parts, 3) != (ssize_t)(sizeof head + head.name_length + length))
        give_up("shim: the log can't be written");
    syscall(SYS_close, file);
    errno = before;
}

/* The part of an absolute path below the folder, or NULL. */
static const char *below(const char *path)
{
    if (!folder_length || strncmp(path, folder, folder_length) || path[folder_length] != '/')
        return NULL;
    return path + folder_length + 1;
}

static const char *name_of(int file, char *path)
{
    int before = errno;
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    errno = before;
    path[length < 0 ? 0 : length] = 0;
    return below(path);
}

/* As many bytes as may be written at `at` (of `length` that are wanted), -1 with ENOSPC where that is none. */
static ssize_t room(int file, off_t at, size_t length)
{
    struct stat full, grown;
    int before = errno;
    if (!*full_path || stat(full_path, &full)) {
        errno = before;
        return length;
    }
    if (!full.st_size && !fstat(file, &grown) && at < grown.st_size)
        return at + (off_t)length <= grown.st_size ? (ssize_t)length : (ssize_t)(grown.st_size - at);
    errno = ENOSPC;
    return -1;
}

ssize_t pwrite(int file, const void *data, size_t length, off_t at)
{
    char path[PATH_MAX];
    const char *name = name_of(file, path);
    if (!name)
        return syscall(SYS_pwrite64, file, data, length, at);
    ssize_t done = room(file, at, length);
    if (done > 0 && (done = syscall(SYS_pwrite64, file, data, done, at)) > 0)
        record(WRITE, name, at, data, done);
    return done;
}

ssize_t pwrite64(int file, const void *data, size_t length, off_t at)
{
    return pwrite(file, data, length, at);
}

ssize_t write(int file, const void *data, size_t length)
{
    char path[PATH_MAX];
    const char *name = name_of(file, path);
    if (!name)
        return syscall(SYS_write, file, data, length);
    int appends = fcntl(file, F_GETFL) & O_APPEND;
    ssize_t done = room(file, lseek(file, 0, appends ? SEEK_END : SEEK_CUR), length);
    if (done > 0 && (done = syscall(SYS_write, file, data, done)) > 0)
        record(WRITE, name, lseek(file, 0, SEEK_CUR) - done, data, done);
    return done;
}

int ftruncate(int file, off_t size)
{
    char path[PATH_MAX];
    const char *name = name_of(file, path);
    struct stat now;
    if (name && !fstat(file, &now) && now.st_size < size && room(file, size, 1) < 0)
        return -1;
    int done = syscall(SYS_ftruncate, file, size);
    if (name && !done)
        record(TRUNCATE, name, size, NULL, 0);
    return done;
}

int ftruncate64(int file, off_t size)
{
    return ftruncate(file, size);
}

static int sync_by(long call, int file)
{
    char path[PATH_MAX];
    const char *name = name_of(file, path);
    uint64_t number = (uint64_t)getpid() << 32 | __atomic_add_fetch(&syncs, 1, __ATOMIC_RELAXED);
    if (name)
        record(SYNC, name, number, NULL, 0);
    int done = syscall(call, file);
    if (name && !done)
        record(SYNCED, name, number, NULL, 0);
    return done;
}

int fsync(int file)
{
    return sync_by(SYS_fsync, file);
}

int fdatasync(int file)
{
    return sync_by(SYS_fdatasync, file);
}

/* Opening changes something where it empties a file; and a new one takes room. */
static int open_at(int at, const char *path, int flags, mode_t mode)
{
    char found[PATH_MAX];
    struct stat full;
    int before = errno;
    if ((flags & O_CREAT) && *full_path && below(path) && access(path, F_OK) && !stat(full_path, &full)) {
        errno = ENOSPC;
        return -1;
    }
    errno = before;
    int file = syscall(SYS_openat, at, path, flags, mode);
    if (file >= 0 && (flags & O_TRUNC) && name_of(file, found))
        record(TRUNCATE, name_of(file, found), 0, NULL, 0);
    return file;
}

#define MODE_AFTER(flags)                                                                                                    \
    mode_t mode = 0;                                                                                                         \
    if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) {                                                             \
        va_list more;                                                                                                        \
        va_start(more, flags);                                                                                               \
        mode = va_arg(more, mode_t);                                                                                         \
        va_end(more);                                                                                                        \
    }

int open(const char *path, int flags, ...)
{
    MODE_AFTER(flags)
    return open_at(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    MODE_AFTER(flags)
    return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int at, const char *path, int flags, ...)
{
    MODE_AFTER(flags)
    return open_at(at, path, flags, mode);
}

int openat64(int at, const char *path, int flags, ...)
{
    MODE_AFTER(flags)
    return open_at(at, path, flags, mode);
}

int unlink(const char *path)
{
    int done = syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (!done && below(path))
        record(UNLINK, below(path), 0, NULL, 0);
    return done;
}

int rename(const char *from, const char *to)
{
    int done = syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    if (!done && below(from) && below(to))
        record(RENAME, below(from), 0, below(to), strlen(below(to)));
    return done;
}
