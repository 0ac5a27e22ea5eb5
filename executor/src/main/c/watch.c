// What a run may take, looked at while it runs. No kernel interface keeps these limits on every machine: control
// groups need root, or an administrator who hands one over; RLIMIT_NPROC counts all that a user has, not
// one datum. A look comes ten times a second, the first after a tenth, so that short runs pay nothing.
#define _GNU_SOURCE
#include "runner.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
  EVERY = 100000,        // microseconds between looks
  LONGEST = 2000000,     // also where looking takes long
  SHARE = 20,            // of the time at most goes into looking
  DISK_EVERY = 1000000,  // between walks through the output
  AT_ONCE = 20000,       // entries of the output in one look
  DEEPEST = 256,         // folders beneath are not looked into
  FIRST = -10,           // the nice value of the runner
  NPROC_RUNS = 16,
  NPROC_MORE = 1000
};

static const struct bounds *bounds;
static uint64_t next_look;
static uint64_t next_walk;
static DIR *walk[DEEPEST];
static int depth;
static uint64_t walked;
static int nice_before;

static uint64_t now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (uint64_t)at.tv_sec * 1000000 + (uint64_t)at.tv_nsec / 1000;
}

// Processor time of this thread: how long a look takes by the clock says more of the others.
static uint64_t spent(void) {
  struct timespec at;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
  return (uint64_t)at.tv_sec * 1000000 + (uint64_t)at.tv_nsec / 1000;
}

void watch_end(void) {
  while (depth > 0) {
    closedir(walk[--depth]);
  }
}

void watch_start(const struct bounds *limits) {
  bounds = limits;
  next_look = now() + EVERY;
  next_walk = next_look;
}

int watch_wait(void) {
  if (bounds->disk == 0 && bounds->memory == 0 && bounds->processes == 0) {
    return -1;
  }
  uint64_t time = now();
  return next_look <= time ? 0 : (int)((next_look - time) / 1000 + 1);
}

static size_t read_text(int folder, const char *path, char *to, size_t most) {
  int fd = openat(folder, path, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? 0 : read(fd, to, most - 1);
  if (fd >= 0) {
    close(fd);
  }
  to[length > 0 ? length : 0] = 0;
  return length > 0 ? (size_t)length : 0;
}

static uint64_t threads(int folder, const char *pid) {
  char path[64];
  struct stat found;
  snprintf(path, sizeof path, "%.20s/task", pid);
  return fstatat(folder, path, &found, 0) == 0 && found.st_nlink > 3 ? found.st_nlink - 2 : 1;
}

// Memory of one process that is no file's. Pages that a fork shares with its parent count for both.
static uint64_t memory_of(int folder, const char *pid) {
  char path[64];
  char text[256];
  unsigned long long resident = 0;
  unsigned long long shared = 0;
  snprintf(path, sizeof path, "%.20s/statm", pid);
  int good = read_text(folder, path, text, sizeof text) > 0 &&
             sscanf(text, "%*u %llu %llu", &resident, &shared) == 2 && resident > shared;
  return good ? (resident - shared) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

// The same with each page divided by those who share it, which takes the kernel much longer.
static uint64_t exact_memory_of(int folder, const char *pid) {
  char path[64];
  char text[2048];
  unsigned long long kib = 0;
  snprintf(path, sizeof path, "%.20s/smaps_rollup", pid);
  read_text(folder, path, text, sizeof text);
  const char *at = strstr(text, "\nPss_Anon:");
  return at != NULL && sscanf(at, "\nPss_Anon: %llu", &kib) == 1 ? kib * 1024 : memory_of(folder, pid);
}

struct taken {
  uint64_t processes;
  uint64_t memory;
};

static struct taken take_stock(int exact) {
  struct taken taken = {0, 0};
  DIR *processes = opendir("/proc");
  if (processes == NULL) {
    return taken;
  }
  for (struct dirent *entry = readdir(processes); entry != NULL; entry = readdir(processes)) {
    if (!isdigit((unsigned char)entry->d_name[0]) || strcmp(entry->d_name, "1") == 0) {
      continue;
    }
    taken.processes += threads(dirfd(processes), entry->d_name);
    if (bounds->processes > 0 && taken.processes > bounds->processes) {
      break;
    }
    if (bounds->memory > 0) {
      taken.memory += exact ? exact_memory_of(dirfd(processes), entry->d_name)
                            : memory_of(dirfd(processes), entry->d_name);
    }
  }
  closedir(processes);
  return taken;
}

static int look_at_processes(void) {
  struct taken taken = take_stock(0);
  if (bounds->processes > 0 && taken.processes > bounds->processes) {
    return OVER_PROCESSES;
  }
  if (bounds->memory == 0) {
    return WITHIN;
  }
  uint64_t files = scratch_used();
  if (taken.memory + files > bounds->memory && taken.processes > 1) {
    taken = take_stock(1);
  }
  return taken.memory + files > bounds->memory ? OVER_MEMORY : WITHIN;
}

// Goes on with the walk through the output; it is measured when the walk is at its end.
static int look_at_output(uint64_t time) {
  if (depth == 0) {
    if (time < next_walk || (walk[0] = opendir("/pfs/out")) == NULL) {
      return WITHIN;
    }
    depth = 1;
    walked = 0;
  }
  for (int i = 0; i < AT_ONCE && depth > 0; i++) {
    DIR *at = walk[depth - 1];
    struct dirent *entry = readdir(at);
    struct stat found;
    if (entry == NULL) {
      closedir(at);
      depth--;
      continue;
    }
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
        fstatat(dirfd(at), entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0) {
      continue;
    }
    uint64_t blocks = (uint64_t)found.st_blocks * 512;
    uint64_t size = S_ISREG(found.st_mode) ? (uint64_t)found.st_size : 0; // holes are stored as zeros
    walked += size > blocks ? size : blocks;
    if (S_ISDIR(found.st_mode) && depth < DEEPEST) {
      int fd = openat(dirfd(at), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      DIR *inner = fd < 0 ? NULL : fdopendir(fd);
      if (inner != NULL) {
        walk[depth++] = inner;
      } else if (fd >= 0) {
        close(fd);
      }
    }
  }
  if (depth > 0) {
    return WITHIN;
  }
  next_walk = time + DISK_EVERY;
  return walked > bounds->disk ? OVER_DISK : WITHIN;
}

int watch_look(void) {
  uint64_t time = now();
  if (time < next_look) {
    return WITHIN;
  }
  uint64_t before = spent();
  int over = look_at_processes();
  if (over == WITHIN && bounds->disk > 0) {
    over = look_at_output(time);
  }
  uint64_t rest = (spent() - before) * SHARE;
  rest = rest < EVERY ? EVERY : rest > LONGEST ? LONGEST : rest;
  next_look = now() + rest;
  return over;
}

// Binds this thread to so many of the processors that it may use, from another one on each time, so that datums
// side by side do not all wait for the first.
static void bind_processors(uint32_t most) {
  cpu_set_t all;
  cpu_set_t some;
  if (sched_getaffinity(0, sizeof all, &all) != 0 || (uint32_t)CPU_COUNT(&all) <= most) {
    return;
  }
  CPU_ZERO(&some);
  uint64_t skip = now() % (uint64_t)CPU_COUNT(&all);
  uint32_t chosen = 0;
  for (int i = 0; i < 2 * CPU_SETSIZE && chosen < most; i++) {
    int cpu = i % CPU_SETSIZE;
    if (!CPU_ISSET(cpu, &all) || CPU_ISSET(cpu, &some)) {
      continue;
    }
    if (skip > 0) {
      skip--;
      continue;
    }
    CPU_SET(cpu, &some);
    chosen++;
  }
  sched_setaffinity(0, sizeof some, &some);
}

void watch_bind(const struct bounds *limits) {
  if (limits->disk > 0) {
    // One byte more, so that a file that was cut is told from one that just fits.
    struct rlimit file = {limits->disk + 1, limits->disk + 1};
    setrlimit(RLIMIT_FSIZE, &file);
  }
  if (limits->cpus > 0) {
    bind_processors(limits->cpus);
  }
  if (limits->processes > 0) {
    // Should the watch come late: far more than one run may have, as this counts what a user has in all sandboxes.
    rlim_t most = (rlim_t)limits->processes * NPROC_RUNS + NPROC_MORE;
    struct rlimit processes = {most, most};
    setrlimit(RLIMIT_NPROC, &processes);
  }
  setpriority(PRIO_PROCESS, 0, nice_before);
}

void watch_first(void) {
  nice_before = getpriority(PRIO_PROCESS, 0);
  // Only root may; elsewhere it comes late among many processes, and comes.
  setpriority(PRIO_PROCESS, 0, FIRST);
}

void prefer_for_oom(void) {
  int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd >= 0) {
    ssize_t written = write(fd, "900", 3);
    (void)written; // where it is higher already, or a container forbids it, it stays as it is
    close(fd);
  }
}
