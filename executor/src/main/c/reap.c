// Runs one command with no sandbox around it, as the reaper of all its descendants.
#define _GNU_SOURCE
#include "runner.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { ROUND_NANOS = 5000000 };

// The parent of the process, from the fourth field of its stat: the second is a name in brackets.
static pid_t parent(const char *pid) {
  char text[512];
  snprintf(text, sizeof text, "/proc/%.20s/stat", pid);
  int fd = open(text, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  if (fd >= 0) {
    close(fd);
  }
  text[length > 0 ? length : 0] = 0;
  const char *name = strrchr(text, ')');
  int found = 0;
  return name != NULL && sscanf(name, ") %*c %d", &found) == 1 ? found : 0;
}

static void kill_children(void) {
  DIR *processes = opendir("/proc");
  if (processes == NULL) {
    return;
  }
  pid_t self = getpid();
  for (struct dirent *entry = readdir(processes); entry != NULL; entry = readdir(processes)) {
    if (isdigit((unsigned char)entry->d_name[0]) && parent(entry->d_name) == self) {
      kill((pid_t)atoi(entry->d_name), SIGKILL);
    }
  }
  closedir(processes);
}

// Takes those that have ended. 0: there is no child left.
static int take_ended(pid_t command, int *status, int *ended) {
  int seen = 0;
  pid_t pid = 0;
  while ((pid = waitpid(-1, &seen, WNOHANG)) > 0) {
    if (pid == command) {
      *status = seen;
      *ended = 1;
    }
  }
  return pid == 0 || errno != ECHILD;
}

static unsigned long long micros(struct timeval time) {
  return (unsigned long long)time.tv_sec * 1000000 + (unsigned long long)time.tv_usec;
}

static void write_usage(const char *file) {
  struct rusage used;
  int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) {
    return; // the exit code matters more
  }
  if (getrusage(RUSAGE_CHILDREN, &used) == 0) {
    dprintf(fd, "%llu %llu %ld\n", micros(used.ru_utime), micros(used.ru_stime), used.ru_maxrss);
  }
  close(fd);
}

int reap_run(const char *usage, char **command) {
  setsid(); // what a terminal sends to the server is not for the datum
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  sigset_t signals;
  sigset_t before;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGCHLD);
  sigprocmask(SIG_BLOCK, &signals, &before);
  pid_t child = fork();
  if (child < 0) {
    dprintf(STDERR_FILENO, "dassie: no further process can be started: %s\n", strerror(errno));
    return 126;
  }
  if (child == 0) {
    sigprocmask(SIG_SETMASK, &before, NULL);
    signal(SIGPIPE, SIG_DFL);
    execute(command, environ);
  }
  close(STDIN_FILENO);
  close(STDOUT_FILENO);
  close(STDERR_FILENO);
  int status = 0;
  int ended = 0;
  while (take_ended(child, &status, &ended) && !ended && sigwaitinfo(&signals, NULL) != SIGTERM) {
  }
  // Orphans become children of this process: when it has none, all are gone. One that is born while
  // its parent is killed is found in the next round.
  struct timespec round = {0, ROUND_NANOS};
  while (take_ended(child, &status, &ended)) {
    kill_children();
    sigtimedwait(&signals, NULL, &round);
  }
  write_usage(usage);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
