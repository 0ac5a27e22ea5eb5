// Privileges of datums, and the watch over this process's own limits.
#define _GNU_SOURCE
#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { OPEN_FILES = 1024, MAX_CAPABILITY = 64 };

// Refuses the three calls from `first` on where the call is of architecture `machine`.
#define REFUSE_THREE(machine, first)                                                                  \
  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),                         \
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (machine), 0, 6),                                        \
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),                       \
      BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x3fffffff), /* without the mark of x32 */               \
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (first), 0, 3),                                          \
      BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (first) + 2, 0, 1), BPF_STMT(BPF_JMP | BPF_JA, 1),       \
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS)

// Kernel keyrings belong to a user, not to a namespace: a datum could leave a key there for another.
// The calls are add_key, request_key and keyctl, which stand together in every table.
static void close_keyrings(void) {
  struct sock_filter code[] = {
      REFUSE_THREE(AUDIT_ARCH_X86_64, 248),
      REFUSE_THREE(AUDIT_ARCH_I386, 286),
      REFUSE_THREE(AUDIT_ARCH_AARCH64, 217),
      REFUSE_THREE(AUDIT_ARCH_ARM, 309),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) != 0) {
    fail("close the keyrings", "");
  }
}

// The bounding set and no_new_privs bind only what is executed later; the runner executes nothing
// itself, and so keeps what it needs to mount.
void drop_privileges(const struct setup *setup) {
  for (int capability = 0; capability < MAX_CAPABILITY; capability++) {
    if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1 &&
        prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) {
      fail("drop a capability", "");
    }
  }
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    fail("set no_new_privs", "");
  }
  close_keyrings();
  if (setup->uid != geteuid() && setgroups(0, NULL) != 0) {
    fail("leave the groups", "");
  }
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) { // nobody traces it or reads its /proc entries
    fail("become undumpable", "");
  }
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur > OPEN_FILES) {
    limit.rlim_cur = OPEN_FILES;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  limit.rlim_cur = limit.rlim_max = 0;
  setrlimit(RLIMIT_CORE, &limit);
  umask(022);
}

void become_datum(uid_t uid, gid_t gid) {
  if (uid != geteuid() || gid != getegid()) {
    if (setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0) {
      _exit(126);
    }
    return; // leaving uid 0 clears every capability
  }
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2];
  memset(none, 0, sizeof none);
  if (syscall(SYS_capset, &header, none) != 0) {
    _exit(126);
  }
}

struct posture {
  struct rlimit limits[RLIM_NLIMITS];
  cpu_set_t cpus;
  int nice;
  int policy;
  long io;
};

static struct posture first;

static void look(struct posture *now) {
  memset(now, 0, sizeof *now);
  for (int i = 0; i < RLIM_NLIMITS; i++) {
    getrlimit((__rlimit_resource_t)i, &now->limits[i]);
  }
  sched_getaffinity(0, sizeof now->cpus, &now->cpus);
  now->nice = getpriority(PRIO_PROCESS, 0);
  now->policy = sched_getscheduler(0);
  now->io = syscall(SYS_ioprio_get, 1, 0);
}

void guard_remember(void) { look(&first); }

int guard_broken(void) {
  struct posture now;
  look(&now);
  return memcmp(&now, &first, sizeof now) != 0;
}

uint64_t oom_kills(void) {
  static char text[32768];
  int fd = open("/proc/vmstat", O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return 0;
  }
  size_t length = 0;
  ssize_t n = 0;
  while (length < sizeof text - 1 && (n = read(fd, text + length, sizeof text - 1 - length)) > 0) {
    length += (size_t)n;
  }
  close(fd);
  text[length] = 0;
  const char *at = strstr(text, "\noom_kill ");
  return at == NULL ? 0 : strtoull(at + strlen("\noom_kill "), NULL, 10);
}
