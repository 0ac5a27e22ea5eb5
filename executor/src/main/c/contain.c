// The runner as the first process of a container: the engine has made the root and the namespaces, and
// chosen the user. It needs nothing of the image.
#define _GNU_SOURCE
#include "runner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// The socket is there before the container is; only this process ever finds it open.
static void connect_to(const char *socket_path) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  if (strlen(socket_path) >= sizeof address.sun_path) {
    dprintf(STDERR_FILENO, "dassie-runner: the path `%s` is too long for a socket\n", socket_path);
    _exit(1);
  }
  strcpy(address.sun_path, socket_path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)(void *)&address, sizeof address) != 0) {
    dprintf(STDERR_FILENO, "dassie-runner: cannot reach the server at `%s`: %s\n", socket_path, strerror(errno));
    _exit(1);
  }
  if (dup2(fd, STDIN_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0) {
    _exit(1);
  }
  close(fd);
}

void contain(const char *socket_path) {
  if (getpid() != 1) {
    dprintf(STDERR_FILENO, "dassie-runner: it is not the first process of its container\n");
    _exit(1);
  }
  connect_to(socket_path);
  struct frame frame = {0, NULL, 0};
  if (!frame_read(STDIN_FILENO, &frame) || frame.kind != KIND_CONTAIN) {
    errno = EPROTO;
    fail("read the set-up", "");
  }
  struct setup setup;
  memset(&setup, 0, sizeof setup);
  setup.uid = geteuid();
  setup.gid = getegid();
  struct reader in = frame_reader(&frame);
  setup.count = read_u32(&in);
  setup.steps = calloc((size_t)setup.count + 1, sizeof *setup.steps);
  if (setup.steps == NULL) {
    fail("read the set-up", "");
  }
  for (uint32_t i = 0; i < setup.count; i++) {
    setup.steps[i].kind = (char)read_u8(&in);
    setup.steps[i].first = read_string(&in);
    setup.steps[i].second = "";
  }
  struct output output;
  memset(&output, 0, sizeof output);
  output.file = -1;
  scratch_adopt(&setup);
  drop_privileges(&setup);
  watch_first();
  guard_remember();
  frame_write(STDOUT_FILENO, KIND_READY, "", 0);
  serve_datums(&setup, &output);
}
