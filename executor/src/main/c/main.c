// dassie-runner: reads a set-up, makes a private root, and runs datums in it until its standard
// input ends. Two processes: the first stays outside and waits; the second is pid 1 of a namespace
// of its own, so that its end is the end of everything that datums started.
// With `--reap FILE COMMAND…` it runs one command without a sandbox; with `--container SOCKET` it runs
// datums in the container of which it is the first process.
#define _GNU_SOURCE
#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void serve(struct setup *setup, struct output *output) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setsid(); // the terminal of the server is not for datums
  if (setup->own_network) {
    raise_loopback();
  }
  build_root(setup);
  drop_privileges(setup);
  watch_first();
  guard_remember();
  frame_write(STDOUT_FILENO, KIND_READY, "", 0);
  serve_datums(setup, output);
}

int main(int count, char **arguments) {
  signal(SIGPIPE, SIG_IGN);
  syscall(SYS_close_range, 3u, ~0u, 0u);
  prefer_for_oom();
  if (count > 3 && strcmp(arguments[1], "--reap") == 0) {
    return reap_run(arguments[2], arguments + 3);
  }
  if (count == 3 && strcmp(arguments[1], "--container") == 0) {
    contain(arguments[2]);
    return 0;
  }
  struct frame frame = {0, NULL, 0};
  struct setup setup;
  memset(&setup, 0, sizeof setup);
  if (!frame_read(STDIN_FILENO, &frame) || frame.kind != KIND_SETUP) {
    errno = EPROTO;
    fail("read the set-up", "");
  }
  setup_read(&frame, &setup);
  struct output output;
  memset(&output, 0, sizeof output);
  output.file = open(setup.log, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (output.file < 0) {
    fail("open", setup.log);
  }
  if (geteuid() != 0) {
    enter_user_namespace();
  }
  unsigned long flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | SIGCHLD;
  if (setup.own_network) {
    flags |= CLONE_NEWNET;
  }
  pid_t inner = (pid_t)syscall(SYS_clone, flags, 0, 0, 0, 0);
  if (inner < 0) {
    fail("make namespaces", "");
  }
  if (inner == 0) {
    serve(&setup, &output);
    _exit(0);
  }
  close(STDIN_FILENO);
  close(STDOUT_FILENO);
  int status = 0;
  while (waitpid(inner, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
