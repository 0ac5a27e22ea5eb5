// Builds the private root. The JVM decides what is in it; this file only makes the mounts.
#define _GNU_SOURCE
#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// <sys/mount.h> and <linux/mount.h> clash in some releases of glibc.
int mount(const char *, const char *, const char *, unsigned long, const void *);
int umount2(const char *, int);
enum {
  BIND = 4096,
  RECURSIVE = 16384,
  UNBINDABLE = 1 << 17,
  PRIVATE = 1 << 18,
  READ_ONLY = 1,
  NO_SUID = 2,
  NO_DEVICES = 4,
  NO_EXEC = 8,
  DETACH = 2,
  PATH_BYTES = 4096
};
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

static const char *new_root;

void setup_read(struct frame *frame, struct setup *setup) {
  struct reader in = frame_reader(frame);
  setup->uid = read_u32(&in);
  setup->gid = read_u32(&in);
  setup->own_network = read_u8(&in);
  setup->scratch_bytes = read_u64(&in);
  setup->root = read_string(&in);
  setup->log = read_string(&in);
  setup->count = read_u32(&in);
  setup->steps = calloc((size_t)setup->count + 1, sizeof *setup->steps);
  if (setup->steps == NULL) {
    fail("read the set-up", "");
  }
  for (uint32_t i = 0; i < setup->count; i++) {
    setup->steps[i].kind = (char)read_u8(&in);
    setup->steps[i].first = read_string(&in);
    setup->steps[i].second = read_string(&in);
  }
}

static void write_file(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0 || write(fd, text, strlen(text)) < 0) {
    fail("write", path);
  }
  close(fd);
}

void enter_user_namespace(void) {
  unsigned uid = geteuid();
  unsigned gid = getegid();
  char map[64];
  if (unshare(CLONE_NEWUSER) != 0) {
    fail("make a user namespace", "");
  }
  write_file("/proc/self/setgroups", "deny");
  snprintf(map, sizeof map, "%u %u 1", uid, uid);
  write_file("/proc/self/uid_map", map);
  snprintf(map, sizeof map, "%u %u 1", gid, gid);
  write_file("/proc/self/gid_map", map);
}

static void inside(char *to, const char *path) {
  if (snprintf(to, PATH_BYTES, "%s%s", new_root, path) >= PATH_BYTES) {
    errno = ENAMETOOLONG;
    fail("a path of the sandbox", path);
  }
}

static void make_folders(char *path) {
  for (char *at = path + strlen(new_root) + 1; *at != 0; at++) {
    if (*at == '/') {
      *at = 0;
      mkdir(path, 0755);
      *at = '/';
    }
  }
}

static void make_folder(const char *place, mode_t mode) {
  char path[PATH_BYTES];
  inside(path, place);
  make_folders(path);
  struct stat found;
  if (mkdir(path, mode) == 0) {
    if (chmod(path, mode) != 0) {
      fail("set the mode of", place);
    }
  } else if (errno != EEXIST || stat(path, &found) != 0 || !S_ISDIR(found.st_mode)) {
    fail("make the folder", place);
  }
}

// A place for a mount of the same kind as `source`; 0 where there is no source.
static int make_place(const char *source, const char *place) {
  struct stat found;
  if (stat(source, &found) != 0) {
    return 0;
  }
  if (S_ISDIR(found.st_mode)) {
    make_folder(place, 0755);
    return 1;
  }
  char path[PATH_BYTES];
  inside(path, place);
  make_folders(path);
  int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0444);
  if (fd >= 0) {
    close(fd);
  } else if (stat(path, &found) != 0) {
    fail("make a place for", place);
  }
  return 1;
}

static int set_attributes(const char *path, unsigned flags, int recursive) {
  struct mount_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.attr_set = flags;
  return (int)syscall(SYS_mount_setattr, AT_FDCWD, path, recursive ? AT_RECURSIVE : 0, &attributes,
                      sizeof attributes);
}

// Binds a host path with all mounts beneath it; the attributes hold for those too.
static int bind_path(const char *source, const char *place, unsigned flags) {
  char path[PATH_BYTES];
  if (!make_place(source, place)) {
    return -1;
  }
  inside(path, place);
  if (mount(source, path, NULL, BIND | RECURSIVE, NULL) != 0) {
    return -1;
  }
  return set_attributes(path, flags, 1);
}

static void hide(const char *place) {
  char path[PATH_BYTES];
  struct stat found;
  inside(path, place);
  if (lstat(path, &found) != 0) {
    return; // not there, or behind something that is hidden already
  }
  if (mount("tmpfs", path, "tmpfs", NO_SUID | NO_DEVICES | READ_ONLY, "mode=0555,size=4k") != 0) {
    fail("hide", place);
  }
}

static void mount_new(const char *type, const char *place, unsigned long flags, const char *options,
                      int needed) {
  char path[PATH_BYTES];
  make_folder(place, 0755);
  inside(path, place);
  if (mount(type, path, type, flags, options) != 0 && needed) {
    fail("mount", type);
  }
}

static void link_to(const char *target, const char *place) {
  char path[PATH_BYTES];
  inside(path, place);
  make_folders(path);
  if (symlink(target, path) != 0) {
    fail("link", place);
  }
}

static int digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

// A file of the root itself, which lies in memory, that only the datum may read; its bytes come as
// hex digits.
static void write_secret(const char *place, const char *hex, const struct setup *setup) {
  char path[PATH_BYTES];
  inside(path, place);
  make_folders(path);
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0400);
  if (fd < 0) {
    fail("make the file", place);
  }
  unsigned char buffer[4096];
  while (*hex != 0) {
    size_t length = 0;
    while (length < sizeof buffer && hex[0] != 0 && hex[1] != 0) {
      buffer[length++] = (unsigned char)(digit(hex[0]) << 4 | digit(hex[1]));
      hex += 2;
    }
    if (length == 0 || write(fd, buffer, length) != (ssize_t)length) {
      fail("write the file", place);
    }
  }
  if (fchown(fd, setup->uid, setup->gid) != 0) {
    fail("give the file", place);
  }
  close(fd);
}

static void freeze(const char *place) {
  char path[PATH_BYTES];
  inside(path, place);
  if (set_attributes(path, MOUNT_ATTR_RDONLY, 0) != 0) {
    fail("make read-only", place);
  }
}

static void take_step(const struct step *step, const struct setup *setup) {
  const unsigned safe = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
  switch (step->kind) {
  case 'D': // a folder and its mode
    make_folder(step->first, (mode_t)strtoul(step->second, NULL, 8));
    break;
  case 'L': // a link: target, place
    link_to(step->first, step->second);
    break;
  case 'R': // a host path, read-only: source, place
    if (bind_path(step->first, step->second, MOUNT_ATTR_RDONLY | safe) != 0) {
      fail("show read-only", step->first);
    }
    break;
  case 'O': // the same where it can be shown at all
    if (bind_path(step->first, step->second, MOUNT_ATTR_RDONLY | safe) != 0 && errno == ENOSYS) {
      fail("show read-only", step->first);
    }
    break;
  case 'W': // a host folder that may be written
    if (bind_path(step->first, step->second, safe) != 0) {
      fail("show", step->first);
    }
    break;
  case 'V': // a device
    bind_path(step->first, step->second, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
    break;
  case 'H': // an empty folder over the place, if it is there
    hide(step->first);
    break;
  case 'M': // a folder in memory, which can take places for mounts until `F`
    mount_new("tmpfs", step->first, NO_SUID | NO_DEVICES, "mode=0755,size=1m", 1);
    break;
  case 'F':
    freeze(step->first);
    break;
  case 'S': // a secret: place, bytes
    write_secret(step->first, step->second, setup);
    break;
  case 'P':
    mount_new("proc", step->first, NO_SUID | NO_DEVICES | NO_EXEC, NULL, 1);
    break;
  case 'Y':
    mount_new("devpts", step->first, NO_SUID | NO_EXEC, "newinstance,ptmxmode=0666,mode=0620", 0);
    break;
  case 'T':
  case 'Q':
    make_folder(step->first, 0755); // mounted by scratch.c
    break;
  default:
    errno = EINVAL;
    fail("a step of the set-up", step->first);
  }
}

void build_root(struct setup *setup) {
  new_root = setup->root;
  umask(0);
  if (mount(NULL, "/", NULL, RECURSIVE | PRIVATE, NULL) != 0) {
    fail("make mounts private", "");
  }
  if (mount("tmpfs", new_root, "tmpfs", NO_SUID | NO_DEVICES, "mode=0755,size=16m") != 0) {
    fail("mount a new root on", new_root);
  }
  // Binds of host folders that hold this place must not take it along.
  if (mount(NULL, new_root, NULL, UNBINDABLE, NULL) != 0) {
    fail("keep apart", new_root);
  }
  for (uint32_t i = 0; i < setup->count; i++) {
    take_step(&setup->steps[i], setup);
  }
  scratch_open(setup, new_root);
  if (set_attributes(new_root, MOUNT_ATTR_RDONLY, 0) != 0) {
    fail("make the new root read-only", "");
  }
  if (chdir(new_root) != 0 || syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", DETACH) != 0 ||
      chdir("/") != 0) {
    fail("change to the new root", "");
  }
}

void raise_loopback(void) {
  struct ifreq request;
  memset(&request, 0, sizeof request);
  strcpy(request.ifr_name, "lo");
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) != 0) {
    fail("raise the loopback interface", "");
  }
  close(fd);
}
