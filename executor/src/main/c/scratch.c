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

enum { MAX_FOLDERS = 64, FLAGS = MS_NOSUID | MS_NODEV };

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
static int adopted;

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

static void empty(int folder);

// Removes what has this name in the folder, which its owner may have locked.
static void remove_entry(int folder, const char *name) {
  struct stat found;
  if (fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW) != 0) {
    return;
  }
  if (!S_ISDIR(found.st_mode)) {
    unlinkat(folder, name, 0);
    return;
  }
  fchmodat(folder, name, 0700, 0);
  int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (fd >= 0) {
    empty(fd);
    close(fd);
  }
  unlinkat(folder, name, AT_REMOVEDIR);
}

// Nested as deep as the datum made it: one file descriptor for each level, so that a tree that is deeper
// than those last leaves something behind, and the slot ends.
static void empty(int folder) {
  int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *entries = copy < 0 ? NULL : fdopendir(copy);
  if (entries == NULL) {
    if (copy >= 0) {
      close(copy);
    }
    return;
  }
  for (struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
      remove_entry(folder, entry->d_name);
    }
  }
  closedir(entries);
}

void scratch_adopt(const struct setup *setup) {
  adopted = 1;
  for (uint32_t i = 0; i < setup->count; i++) {
    const struct step *step = &setup->steps[i];
    if (step->kind == 'T' && count < MAX_FOLDERS) {
      struct folder *folder = &folders[count++];
      join(folder->path, "", step->first);
      folder->fd = open_folder(folder->path);
      empty(folder->fd); // an engine may have put there what the image has
      if (fstat(folder->fd, &folder->fresh) != 0) {
        fail("look at", folder->path);
      }
    } else if (step->kind == 'Q') {
      queues_fd = open(step->first, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    }
  }
}

int left_nothing(void) {
  int fd = open("/pfs/out", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  int nothing = fd >= 0 && is_empty(fd);
  if (fd >= 0) {
    close(fd);
  }
  return nothing;
}

int scratch_spoilt(void) { return adopted && !ipc_is_fresh(); }

static void refresh_adopted(void) {
  for (int i = 0; i < count; i++) {
    struct folder *folder = &folders[i];
    if (is_fresh(folder)) {
      continue;
    }
    fchmod(folder->fd, folder->fresh.st_mode & 07777);
    empty(folder->fd);
    if (!is_fresh(folder)) {
      errno = EBUSY;
      fail("empty", folder->path);
    }
  }
}

void scratch_refresh(void) {
  if (adopted) {
    refresh_adopted();
    return;
  }
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
  // Those that are mounted here share one file system; each of the others has its own.
  for (int i = 0; i < (adopted ? count : count > 0); i++) {
    if (statvfs(folders[i].path, &scratch) == 0) {
      used += (uint64_t)(scratch.f_blocks - scratch.f_bfree) * scratch.f_frsize;
    }
  }
  if (shmctl(0, SHM_INFO, (struct shmid_ds *)(void *)&segments) >= 0) {
    used += (uint64_t)segments.shm_rss * (uint64_t)sysconf(_SC_PAGESIZE);
  }
  return used;
}
