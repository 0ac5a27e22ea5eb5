// Runs one command to its end, with everything that it started.
#define _GNU_SOURCE
#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct request {
  uint64_t timeout; // microseconds; 0 for none
  uint64_t limit;   // bytes of output to keep at each end
  int live;         // whether output goes to the JVM as it comes instead
  struct bounds bounds;
  char *folder;
  char **arguments;
  char **variables;
  unsigned char *input;
  size_t input_length;
};

struct run {
  pid_t main;
  int status;
  int ended;
  int timed_out;
  int over; // the limit for which it was ended
  uint64_t wall;
  uint64_t user;
  uint64_t system;
  uint64_t resident;
};

static uint64_t now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (uint64_t)at.tv_sec * 1000000 + (uint64_t)at.tv_nsec / 1000;
}

static int open_input(const struct request *request) {
  if (request->input_length == 0) {
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
  }
  int fd = memfd_create("stdin", MFD_CLOEXEC);
  size_t done = 0;
  while (fd >= 0 && done < request->input_length) {
    ssize_t n = write(fd, request->input + done, request->input_length - done);
    if (n <= 0) {
      return -1;
    }
    done += (size_t)n;
  }
  if (fd >= 0) {
    lseek(fd, 0, SEEK_SET);
  }
  return fd;
}

static void complain(const char *name, int error) {
  dprintf(STDERR_FILENO, "dassie: cannot run `%s`: %s\n", name, strerror(error));
}

void execute(char **arguments, char **variables) {
  const char *name = arguments[0];
  if (strchr(name, '/') != NULL) {
    execve(name, arguments, variables);
    int error = errno;
    complain(name, error);
    _exit(error == ENOENT ? 127 : 126);
  }
  const char *path = "/usr/bin:/bin";
  for (char **variable = variables; *variable != NULL; variable++) {
    if (strncmp(*variable, "PATH=", 5) == 0) {
      path = *variable + 5;
    }
  }
  int error = ENOENT;
  while (*path != 0) {
    size_t length = strcspn(path, ":");
    char file[4096];
    if (snprintf(file, sizeof file, "%.*s/%s", (int)length, path, name) < (int)sizeof file) {
      execve(file, arguments, variables);
      if (errno != ENOENT && errno != ENOTDIR) {
        error = errno;
      }
    }
    path += length + (path[length] == ':');
  }
  complain(name, error);
  _exit(error == ENOENT ? 127 : 126);
}

struct start {
  const struct request *request;
  const struct setup *setup;
  int input;
  int output;
};

// Runs on a stack of its own in the memory of this process, which waits until the program is executed: copying the
// memory would cost as much as the rest of the start. It writes nothing that is read later.
static int child(void *argument) {
  const struct start *start = argument;
  const struct request *request = start->request;
  sigset_t none;
  sigemptyset(&none);
  signal(SIGPIPE, SIG_DFL);
  sigprocmask(SIG_SETMASK, &none, NULL);
  setpgid(0, 0); // not a session: the kernel would make a group of its scheduler for it
  dup2(start->input, STDIN_FILENO);
  dup2(start->output, STDOUT_FILENO);
  dup2(start->output, STDERR_FILENO);
  if (syscall(SYS_close_range, 3u, ~0u, 0u) != 0) {
    for (int fd = 3; fd < 4096; fd++) {
      close(fd);
    }
  }
  watch_bind(&request->bounds);
  become_datum(start->setup->uid, start->setup->gid);
  if (chdir(request->folder) != 0) {
    dprintf(STDERR_FILENO, "dassie: cannot enter the working directory `%s`: %s\n", request->folder,
            strerror(errno));
    _exit(126);
  }
  execute(request->arguments, request->variables);
}

static pid_t launch(struct start *start) {
  static unsigned char stack[1 << 16] __attribute__((aligned(64)));
  pid_t pid = clone(child, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, start);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); // the change of user may have changed that of the memory
  return pid;
}

static void account(struct run *run, pid_t pid, int status, const struct rusage *used) {
  run->user += (uint64_t)used->ru_utime.tv_sec * 1000000 + (uint64_t)used->ru_utime.tv_usec;
  run->system += (uint64_t)used->ru_stime.tv_sec * 1000000 + (uint64_t)used->ru_stime.tv_usec;
  if ((uint64_t)used->ru_maxrss > run->resident) {
    run->resident = (uint64_t)used->ru_maxrss;
  }
  if (pid == run->main) {
    run->status = status;
    run->ended = 1;
  }
}

// As pid 1, this process is the parent of every orphan: when it has no child left, all are gone.
static void reap(struct run *run, int flags) {
  int status = 0;
  struct rusage used;
  pid_t pid = 0;
  while ((pid = wait4(-1, &status, flags, &used)) > 0 || (pid < 0 && errno == EINTR)) {
    if (pid > 0) {
      account(run, pid, status, &used);
    }
  }
}

static int remaining(const struct request *request, uint64_t start) {
  if (request->timeout == 0) {
    return -1;
  }
  uint64_t passed = now() - start;
  if (passed >= request->timeout) {
    return 0;
  }
  uint64_t left = (request->timeout - passed) / 1000 + 1;
  return left > 1000000 ? 1000000 : (int)left;
}

// The sooner of two times to wait; -1 is never.
static int sooner(int one, int other) { return one < 0 || (other >= 0 && other < one) ? other : one; }

static void drain(struct output *output, int pipe) {
  int flags = fcntl(pipe, F_GETFL);
  fcntl(pipe, F_SETFL, flags | O_NONBLOCK);
  errno = 0;
  while (output_take(output, pipe) && errno != EAGAIN) {
    errno = 0;
  }
}

// What the output ends with so far.
static void show(struct output *output, int pipe) {
  static unsigned char buffer[8 + OUTPUT_SHOWN];
  drain(output, pipe);
  unsigned char *at = write_u64(buffer, output->total);
  size_t length = output_end(output, at, OUTPUT_SHOWN);
  frame_write(STDOUT_FILENO, KIND_SEEN, buffer, 8 + length);
}

// The JVM wants the command to end by itself, or what it wrote so far; otherwise it stops or is gone,
// and the kernel ends all of this pid namespace with this process.
static void listen_to_jvm(const struct run *run, struct output *output, int pipe) {
  struct frame frame = {0, NULL, 0};
  if (!frame_read(STDIN_FILENO, &frame) ||
      (frame.kind != KIND_TERMINATE && frame.kind != KIND_SETTLE && frame.kind != KIND_LOOK)) {
    _exit(0);
  }
  if (frame.kind == KIND_SETTLE) {
    drain(output, pipe);
    frame_write(STDOUT_FILENO, KIND_SETTLED, "", 0);
  } else if (frame.kind == KIND_LOOK) {
    show(output, pipe);
  } else if (kill(-run->main, SIGTERM) != 0) {
    kill(run->main, SIGTERM); // it has no session of its own yet
  }
  frame_free(&frame);
}

static void attend(struct run *run, const struct request *request, struct output *output, int pipe,
                   int signals) {
  uint64_t start = now();
  struct pollfd watched[3] = {{STDIN_FILENO, POLLIN, 0}, {signals, POLLIN, 0}, {pipe, POLLIN, 0}};
  watch_start(&request->bounds);
  while (!run->ended) {
    int killed = run->timed_out || run->over;
    int wait = killed ? -1 : remaining(request, start);
    if (wait == 0) {
      run->timed_out = 1;
      kill(-1, SIGKILL);
      continue;
    }
    if (!killed && (run->over = watch_look()) != WITHIN) {
      kill(-1, SIGKILL);
      continue;
    }
    if (!killed) {
      wait = sooner(wait, watch_wait());
    }
    if (poll(watched, 3, wait) < 0 && errno != EINTR) {
      fail("wait for the datum", "");
    }
    if (watched[2].revents != 0 && !output_take(output, pipe)) {
      watched[2].fd = -1;
    }
    if (watched[0].revents != 0) {
      listen_to_jvm(run, output, pipe);
    }
    if (watched[1].revents != 0) {
      struct signalfd_siginfo info;
      if (read(signals, &info, sizeof info) > 0) {
        reap(run, WNOHANG);
      }
    }
  }
  run->wall = now() - start;
  watch_end();
  kill(-1, SIGKILL);
  reap(run, 0);
  drain(output, pipe);
}

static void answer(const struct run *run, const struct output *output, int oom, int last) {
  static unsigned char buffer[256 + OUTPUT_HELD];
  int signal = WIFSIGNALED(run->status) ? WTERMSIG(run->status) : 0;
  unsigned char *at = write_u32(buffer, (uint32_t)(signal ? 128 + signal : WEXITSTATUS(run->status)));
  at = write_u32(at, (uint32_t)signal);
  *at++ = (unsigned char)run->timed_out;
  *at++ = (unsigned char)oom;
  *at++ = (unsigned char)last;
  *at++ = (unsigned char)output->damaged;
  *at++ = (unsigned char)run->over;
  *at++ = (unsigned char)left_nothing();
  at = write_u64(at, run->wall);
  at = write_u64(at, run->user);
  at = write_u64(at, run->system);
  at = write_u64(at, run->resident);
  at = write_u64(at, output->total);
  *at++ = (unsigned char)output->spilled;
  size_t held = output->spilled ? 0 : output->held;
  memcpy(at, output_held(output), held);
  frame_write(STDOUT_FILENO, KIND_DONE, buffer, (size_t)(at - buffer) + held);
}

// Counting costs 0.1 ms, so the count before the run may be up to a second old.
static uint64_t kills_before(void) {
  static uint64_t at;
  static uint64_t kills;
  uint64_t time = now();
  if (at == 0 || time - at > 1000000) {
    at = time;
    kills = oom_kills();
  }
  return kills;
}

int datum_run(struct frame *frame, const struct setup *setup, struct output *output) {
  struct reader in = frame_reader(frame);
  struct request request;
  struct run run;
  memset(&run, 0, sizeof run);
  request.timeout = read_u64(&in);
  request.limit = read_u64(&in);
  request.bounds.disk = read_u64(&in);
  request.bounds.memory = read_u64(&in);
  request.bounds.processes = read_u32(&in);
  request.bounds.cpus = read_u32(&in);
  request.live = read_u8(&in);
  request.folder = read_string(&in);
  request.arguments = read_strings(&in);
  request.variables = read_strings(&in);
  request.input = read_bytes(&in, &request.input_length);
  uint64_t kills = kills_before();
  output_start(output, request.limit, request.live);

  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  static int signals = -1;
  if (signals < 0) {
    sigprocmask(SIG_BLOCK, &children, NULL);
    signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
  }
  int pipe[2];
  int source = open_input(&request);
  if (signals < 0 || source < 0 || pipe2(pipe, O_CLOEXEC) != 0) {
    fail("prepare a datum", "");
  }
  struct start start = {&request, setup, source, pipe[1]};
  run.main = launch(&start);
  if (run.main < 0) {
    fail("start a process", "");
  }
  close(source);
  close(pipe[1]);
  attend(&run, &request, output, pipe[0], signals);
  close(pipe[0]);
  free(request.arguments);
  free(request.variables);

  int killed = WIFSIGNALED(run.status) ? WTERMSIG(run.status) == SIGKILL : WEXITSTATUS(run.status) == 128 + SIGKILL;
  int oom = killed && !run.timed_out && !run.over && oom_kills() > kills;
  int last = guard_broken() || scratch_spoilt();
  answer(&run, output, oom, last);
  return !last;
}

void serve_datums(struct setup *setup, struct output *output) {
  struct frame frame = {0, NULL, 0};
  int usable = 1;
  while (usable && frame_read(STDIN_FILENO, &frame)) {
    if (frame.kind == KIND_RUN) {
      usable = datum_run(&frame, setup, output);
      if (usable) {
        scratch_refresh(); // after the answer: the JVM works meanwhile
      }
    }
    if (frame.kind == KIND_SHELL) {
      shell_run(&frame, setup);
      usable = 0; // what a person left behind is for nobody else
    }
    frame_free(&frame);
  }
}
