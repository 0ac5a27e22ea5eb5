// A shell that a person sits at: input and output go through at once, by a terminal or by pipes.
#define _GNU_SOURCE
#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIECE = 32768 };

// What connects to the shell: `own` is this side, `shell` the other.
struct line {
  int own;
  int shell;
  int terminal;
};

static int open_terminal(struct line *line, unsigned rows, unsigned columns) {
  char name[64];
  int number = 0;
  int unlocked = 0;
  line->own = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (line->own < 0 || ioctl(line->own, TIOCSPTLCK, &unlocked) != 0 ||
      ioctl(line->own, TIOCGPTN, &number) != 0) {
    return 0;
  }
  snprintf(name, sizeof name, "/dev/pts/%d", number);
  line->shell = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  struct winsize size = {(unsigned short)rows, (unsigned short)columns, 0, 0};
  return line->shell >= 0 && ioctl(line->own, TIOCSWINSZ, &size) == 0;
}

static int open_line(struct line *line, unsigned rows, unsigned columns) {
  line->terminal = rows > 0;
  if (line->terminal) {
    return open_terminal(line, rows, columns);
  }
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
    return 0;
  }
  line->own = pair[0];
  line->shell = pair[1];
  return 1;
}

static noreturn void child(const struct line *line, const struct setup *setup, const char *folder,
                           char **arguments, char **variables) {
  sigset_t none;
  sigemptyset(&none);
  for (int number = 1; number < NSIG; number++) {
    signal(number, SIG_DFL); // a server that was started in the background ignores ^C
  }
  sigprocmask(SIG_SETMASK, &none, NULL);
  setsid();
  if (line->terminal) {
    ioctl(line->shell, TIOCSCTTY, 0);
    // The mode of a terminal is 0620: who sits at it must own it to open /dev/tty by its name.
    if (fchown(line->shell, setup->uid, setup->gid) != 0) {
      errno = 0; // without it only that is missing
    }
  }
  dup2(line->shell, STDIN_FILENO);
  dup2(line->shell, STDOUT_FILENO);
  dup2(line->shell, STDERR_FILENO);
  if (syscall(SYS_close_range, 3u, ~0u, 0u) != 0) {
    for (int fd = 3; fd < 4096; fd++) {
      close(fd);
    }
  }
  become_datum(setup->uid, setup->gid);
  if (chdir(folder) != 0) {
    dprintf(STDERR_FILENO, "dassie: cannot enter the working directory `%s`: %s\n", folder, strerror(errno));
  }
  execute(arguments, variables);
}

// Sends what the shell wrote. 0: there is no more.
static int relay(int from) {
  static unsigned char bytes[PIECE];
  ssize_t n = read(from, bytes, sizeof bytes);
  if (n > 0) {
    frame_write(STDOUT_FILENO, KIND_OUTPUT, bytes, (size_t)n);
  }
  return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

// Input that the shell has not taken yet; more is not read until it has.
struct input {
  struct frame frame;
  size_t taken;
};

static int deliver(struct input *input, int to) {
  while (input->frame.payload != NULL && input->taken < input->frame.length) {
    ssize_t n = write(to, input->frame.payload + input->taken, input->frame.length - input->taken);
    if (n < 0 && errno == EAGAIN) {
      return 1;
    }
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n <= 0) {
      break; // nobody reads any more
    }
    input->taken += (size_t)n;
  }
  frame_free(&input->frame);
  return 0;
}

static void end_input(const struct line *line) {
  if (line->terminal) {
    unsigned char end = 4; // ^D, what a person types
    if (write(line->own, &end, 1) != 1) {
      errno = 0; // the shell has ended
    }
  } else {
    shutdown(line->own, SHUT_WR);
  }
}

// Takes one frame of the JVM.
static void take(struct input *input, const struct line *line) {
  if (!frame_read(STDIN_FILENO, &input->frame)) {
    _exit(0); // nobody sits there any more; the kernel ends all of this pid namespace
  }
  input->taken = 0;
  if (input->frame.kind == KIND_END) {
    frame_free(&input->frame);
    end_input(line);
  } else if (input->frame.kind != KIND_INPUT) {
    frame_free(&input->frame);
  }
}

static int reap(pid_t shell, int flags, int *status) {
  int ended = 0;
  int one = 0;
  pid_t pid = 0;
  while ((pid = waitpid(-1, &one, flags)) > 0 || (pid < 0 && errno == EINTR)) {
    if (pid == shell) {
      *status = one;
      ended = 1;
    }
  }
  return ended;
}

static int attend(const struct line *line, pid_t shell, int signals) {
  struct input input = {{0, NULL, 0}, 0};
  int status = 0;
  int ended = 0;
  int open = 1;
  fcntl(line->own, F_SETFL, fcntl(line->own, F_GETFL) | O_NONBLOCK);
  while (!ended) {
    int held = deliver(&input, line->own);
    short events = (short)((open ? POLLIN : 0) | (held ? POLLOUT : 0));
    struct pollfd watched[3] = {
        {held ? -1 : STDIN_FILENO, POLLIN, 0}, {signals, POLLIN, 0}, {line->own, events, 0}};
    if (poll(watched, 3, held ? 100 : -1) < 0 && errno != EINTR) {
      fail("wait for the shell", "");
    }
    if (open && (watched[2].revents & (POLLIN | POLLHUP | POLLERR)) && !relay(line->own)) {
      open = 0;
    }
    if (!open && watched[2].revents & (POLLHUP | POLLERR)) {
      poll(NULL, 0, 10); // the shell has closed its side and has not ended yet
    }
    if (watched[0].revents != 0) {
      take(&input, line);
    }
    if (watched[1].revents != 0) {
      struct signalfd_siginfo info;
      if (read(signals, &info, sizeof info) > 0) {
        ended = reap(shell, WNOHANG, &status);
      }
    }
  }
  kill(-1, SIGKILL);
  reap(shell, 0, &status);
  errno = 0;
  while (open && relay(line->own) && errno != EAGAIN) {
    errno = 0;
  }
  frame_free(&input.frame);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void shell_run(struct frame *frame, const struct setup *setup) {
  struct reader in = frame_reader(frame);
  unsigned rows = read_u32(&in);
  unsigned columns = read_u32(&in);
  const char *folder = read_string(&in);
  char **arguments = read_strings(&in);
  char **variables = read_strings(&in);
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  sigprocmask(SIG_BLOCK, &children, NULL);
  int signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
  struct line line;
  if (signals < 0 || !open_line(&line, rows, columns)) {
    fail("open a terminal", "");
  }
  pid_t shell = fork();
  if (shell < 0) {
    fail("start a process", "");
  }
  if (shell == 0) {
    child(&line, setup, folder, arguments, variables);
  }
  close(line.shell);
  unsigned char code[4];
  write_u32(code, (uint32_t)attend(&line, shell, signals));
  frame_write(STDOUT_FILENO, KIND_ENDED, code, sizeof code);
  close(line.own);
  close(signals);
  free(arguments);
  free(variables);
}
