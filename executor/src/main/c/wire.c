// Frames between the JVM and the runner.
#include "runner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_FRAME = 64 << 20, HEADER = 5 };

static int read_fully(int fd, unsigned char *to, size_t length) {
  size_t got = 0;
  while (got < length) {
    ssize_t n = read(fd, to + got, length - got);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n <= 0) {
      return 0;
    }
    got += (size_t)n;
  }
  return 1;
}

int frame_read(int fd, struct frame *frame) {
  unsigned char header[HEADER];
  if (!read_fully(fd, header, HEADER)) {
    return 0;
  }
  struct reader in = {header, header + HEADER};
  uint32_t length = read_u32(&in);
  frame->kind = read_u8(&in);
  frame->length = length;
  if (length > MAX_FRAME) {
    return 0;
  }
  frame->payload = malloc(length + 1);
  if (frame->payload == NULL) {
    return 0;
  }
  frame->payload[length] = 0;
  return read_fully(fd, frame->payload, length);
}

void frame_free(struct frame *frame) {
  free(frame->payload);
  frame->payload = NULL;
}

void frame_write(int fd, unsigned char kind, const void *payload, size_t length) {
  static unsigned char buffer[HEADER + 512 + OUTPUT_HELD];
  if (length > sizeof buffer - HEADER) {
    length = sizeof buffer - HEADER;
  }
  unsigned char *at = write_u32(buffer, (uint32_t)length);
  *at++ = kind;
  memcpy(at, payload, length);
  size_t done = 0;
  while (done < length + HEADER) {
    ssize_t n = write(fd, buffer + done, length + HEADER - done);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n <= 0) {
      _exit(1); // nobody listens: the lifeline is cut
    }
    done += (size_t)n;
  }
}

struct reader frame_reader(const struct frame *frame) {
  return (struct reader){frame->payload, frame->payload + frame->length};
}

static unsigned char *take(struct reader *in, size_t length) {
  if ((size_t)(in->end - in->at) < length) {
    fail("a frame is shorter than it says", "");
  }
  unsigned char *at = in->at;
  in->at += length;
  return at;
}

uint8_t read_u8(struct reader *in) { return *take(in, 1); }

uint32_t read_u32(struct reader *in) {
  const unsigned char *at = take(in, 4);
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

uint64_t read_u64(struct reader *in) {
  uint64_t high = read_u32(in);
  return high << 32 | read_u32(in);
}

unsigned char *read_bytes(struct reader *in, size_t *length) {
  *length = read_u32(in);
  return take(in, *length);
}

char *read_string(struct reader *in) {
  size_t length = 0;
  unsigned char *at = read_bytes(in, &length);
  if (read_u8(in) != 0 || memchr(at, 0, length) != NULL) {
    fail("a string of a frame is broken", "");
  }
  return (char *)at;
}

char **read_strings(struct reader *in) {
  uint32_t count = read_u32(in);
  if (count > 1u << 20) {
    errno = E2BIG;
    fail("too many strings in a frame", "");
  }
  char **strings = calloc((size_t)count + 1, sizeof *strings);
  if (strings == NULL) {
    fail("read a frame", "");
  }
  for (uint32_t i = 0; i < count; i++) {
    strings[i] = read_string(in);
  }
  return strings;
}

unsigned char *write_u32(unsigned char *at, uint32_t value) {
  at[0] = (unsigned char)(value >> 24);
  at[1] = (unsigned char)(value >> 16);
  at[2] = (unsigned char)(value >> 8);
  at[3] = (unsigned char)value;
  return at + 4;
}

unsigned char *write_u64(unsigned char *at, uint64_t value) {
  return write_u32(write_u32(at, (uint32_t)(value >> 32)), (uint32_t)value);
}

noreturn void fail(const char *what, const char *which) {
  char text[1024];
  int error = errno;
  int n = snprintf(text, sizeof text, "%s%s%s: %s", what, *which ? " " : "", which, strerror(error));
  size_t length = n < 0 ? 0 : (size_t)n >= sizeof text ? sizeof text - 1 : (size_t)n;
  frame_write(STDOUT_FILENO, KIND_ERROR, text, length);
  _exit(1);
}
