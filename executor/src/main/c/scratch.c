// Folders in memory that a datum may write: /tmp, its home, /dev/shm; and System V IPC and message
// queues. They are made new only when the datum before left a trace, which most do not.
#define _GNU_SOURCE
#include "runner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { MAX_FOLDERS = 8, FLAGS = MS_NOSUID | MS_NODEV };

struct folder {
  char path[4096];
  mode_t mode;
  int fd;
  struct stat fresh;
};

static struct folder folders[MAX_FOLDERS];
static int count;
static char queues[4096];
static int queues_fd = -1;
static char options[64];
static uid_t owner;
static gid_t group;

static void join(char *to, const char *prefix, const char *path) {
  if (snprintf(to, 4096, "%s%s", prefix, path) >= 4096) {
    errno = ENAMETOOLONG;
    fail("a path of the sandbox", path);
  }
}

static int open_folder(const char *path) {
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) {
    fail("open", path);
  }
  return fd;
}

// One tmpfs, mounted on the last folder, holds a folder for each; each is bound to its place, and
// the last covers the mount itself, so that it cannot be seen as a whole.
static void mount_folders(const char *prefix) {
  char base[4096];
  char inner[4200];
  join(base, prefix, folders[count - 1].path);
  if (mount("tmpfs", base, "tmpfs", FLAGS, options) != 0) {
    fail("mount a scratch folder on", base);
  }
  for (int i = 0; i < count; i++) {
    struct folder *folder = &folders[i];
    char place[4096];
    join(place, prefix, folder->path);
    snprintf(inner, sizeof inner, "%s/%d", base, i);
    if (mkdir(inner, 0700) != 0 || chown(inner, owner, group) != 0 || chmod(inner, folder->mode) != 0) {
      fail("make a scratch folder", inner);
    }
    if (mount(inner, place, NULL, MS_BIND, NULL) != 0) {
      fail("bind a scratch folder to", place);
    }
    folder->fd = open_folder(place);
    if (fstat(folder->fd, &folder->fresh) != 0) {
      fail("look at", place);
    }
  }
}

static void mount_queues(const char *prefix) {
  char place[4096];
  join(place, prefix, queues);
  if (mount("mqueue", place, "mqueue", FLAGS | MS_NOEXEC, NULL) != 0) {
    queues[0] = 0; // kernels without message queues
    return;
  }
  queues_fd = open_folder(place);
}

// Steps: `T` a scratch folder and its mode, `Q` the place of message queues.
void scratch_open(const struct setup *setup, const char *prefix) {
  owner = setup->uid;
  group = setup->gid;
  snprintf(options, sizeof options, "mode=0755,size=%llu", (unsigned long long)setup->scratch_bytes);
  for (uint32_t i = 0; i < setup->count; i++) {
    const struct step *step = &setup->steps[i];
    if (step->kind == 'T' && count < MAX_FOLDERS) {
      join(folders[count].path, "", step->first);
      folders[count++].mode = (mode_t)strtoul(step->second, NULL, 8);
    } else if (step->kind == 'Q') {
      join(queues, "", step->first);
    }
  }
  if (count > 0) {
    mount_folders(prefix);
  }
  if (queues[0]) {
    mount_queues(prefix);
  }
}

static int is_empty(int fd) {
  char buffer[512];
  lseek(fd, 0, SEEK_SET);
  long n = syscall(SYS_getdents64, fd, buffer, sizeof buffer);
  for (long at = 0; at < n;) {
    struct dirent64 *entry = (struct dirent64 *)(void *)(buffer + at);
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
      return 0;
    }
    at += entry->d_reclen;
  }
  return n >= 0;
}

static int is_fresh(const struct folder *folder) {
  struct stat now;
  return fstat(folder->fd, &now) == 0 && now.st_mode == folder->fresh.st_mode &&
         now.st_uid == folder->fresh.st_uid && now.st_gid == folder->fresh.st_gid &&
         flistxattr(folder->fd, NULL, 0) <= 0 && is_empty(folder->fd);
}

static int ipc_is_fresh(void) {
  struct shm_info memory;
  struct msginfo messages;
  struct seminfo semaphores;
  memset(&memory, 0, sizeof memory);
  memset(&messages, 0, sizeof messages);
  memset(&semaphores, 0, sizeof semaphores);
  // Where the kernel has none of these, the calls fail and the counts stay 0.
  shmctl(0, SHM_INFO, (struct shmid_ds *)(void *)&memory);
  msgctl(0, MSG_INFO, (struct msqid_ds *)(void *)&messages);
  semctl(0, 0, SEM_INFO, &semaphores);
  return memory.used_ids == 0 && messages.msgpool == 0 && semaphores.semusz == 0 &&
         (queues_fd < 0 || is_empty(queues_fd));
}

void scratch_refresh(void) {
  int fresh = 1;
  for (int i = 0; i < count; i++) {
    fresh &= is_fresh(&folders[i]);
  }
  if (!fresh) {
    for (int i = 0; i < count; i++) {
      close(folders[i].fd);
      if (umount2(folders[i].path, MNT_DETACH) != 0) {
        fail("unmount", folders[i].path);
      }
    }
    if (umount2(folders[count - 1].path, MNT_DETACH) != 0) {
      fail("unmount", folders[count - 1].path);
    }
    mount_folders("");
  }
  if (!ipc_is_fresh()) {
    if (queues_fd >= 0) {
      close(queues_fd);
      queues_fd = -1;
      umount2(queues, MNT_DETACH);
    }
    if (unshare(CLONE_NEWIPC) != 0) {
      fail("make a new IPC namespace", "");
    }
    if (queues[0]) {
      mount_queues("");
    }
  }
}

uint64_t scratch_used(void) {
  struct statvfs scratch;
  struct shm_info segments;
  uint64_t used = 0;
  memset(&segments, 0, sizeof segments);
  if (count > 0 && statvfs(folders[0].path, &scratch) == 0) {
    used = (uint64_t)(scratch.f_blocks - scratch.f_bfree) * scratch.f_frsize;
  }
  if (shmctl(0, SHM_INFO, (struct shmid_ds *)(void *)&segments) >= 0) {
    used += (uint64_t)segments.shm_rss * (uint64_t)sysconf(_SC_PAGESIZE);
  }
  return used;
}
