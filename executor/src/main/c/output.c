// Output of a datum: little of it is held in memory, more is sent, or goes to a file whose first `limit` bytes
// are the beginning and whose next `limit` bytes are a ring with the end.
#include "runner.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static unsigned char held[OUTPUT_HELD];

void output_start(struct output *output, uint64_t limit, int live) {
  if (output->spilled && output->file >= 0 && ftruncate(output->file, 0) != 0) {
    output->damaged = 1;
  }
  output->limit = limit < 1 ? 1 : limit;
  output->total = 0;
  output->held = 0;
  output->spilled = 0;
  output->damaged = 0;
  output->live = live;
}

const unsigned char *output_held(const struct output *output) {
  (void)output;
  return held;
}

static void store(struct output *output, const unsigned char *bytes, size_t length, uint64_t at) {
  while (length > 0) {
    ssize_t n = pwrite(output->file, bytes, length, (off_t)at);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n <= 0) {
      output->damaged = 1; // a full disk: go on draining, so that the code does not block
      return;
    }
    bytes += n;
    length -= (size_t)n;
    at += (uint64_t)n;
  }
}

static void send(const unsigned char *bytes, size_t length) {
  if (length > 0) {
    frame_write(STDOUT_FILENO, KIND_OUTPUT, bytes, length);
  }
}

static void spill(struct output *output, const unsigned char *bytes, size_t length, uint64_t from) {
  if (output->file < 0) {
    send(bytes, length);
    return;
  }
  while (length > 0) {
    uint64_t at = from < output->limit ? from : output->limit + (from - output->limit) % output->limit;
    uint64_t room = (at < output->limit ? output->limit : 2 * output->limit) - at;
    size_t part = length < room ? length : (size_t)room;
    store(output, bytes, part, at);
    bytes += part;
    length -= part;
    from += part;
  }
}

int output_take(struct output *output, int pipe) {
  static unsigned char buffer[OUTPUT_HELD];
  ssize_t n = read(pipe, buffer, sizeof buffer);
  if (n < 0) {
    return errno == EINTR || errno == EAGAIN;
  }
  if (n == 0) {
    return 0;
  }
  size_t length = (size_t)n;
  if (output->live) {
    frame_write(STDOUT_FILENO, KIND_OUTPUT, buffer, length);
    output->total += length;
    return 1;
  }
  uint64_t keep = output->limit < OUTPUT_HELD ? output->limit : OUTPUT_HELD;
  if (!output->spilled && output->held + length <= keep) {
    memcpy(held + output->held, buffer, length);
    output->held += length;
  } else {
    if (!output->spilled) {
      spill(output, held, output->held, 0);
      output->spilled = 1;
    }
    spill(output, buffer, length, output->total);
  }
  output->total += length;
  return 1;
}

size_t output_end(const struct output *output, unsigned char *to, size_t most) {
  if (!output->spilled) {
    size_t length = output->held < most ? output->held : most;
    memcpy(to, held + output->held - length, length);
    return length;
  }
  if (output->file < 0) {
    return 0; // whoever was sent it has it
  }
  uint64_t length = output->total < most ? output->total : most;
  if (length > output->limit) {
    length = output->limit;
  }
  size_t done = 0;
  while (done < length) {
    uint64_t from = output->total - length + done;
    uint64_t at = from < output->limit ? from : output->limit + (from - output->limit) % output->limit;
    uint64_t room = (at < output->limit ? output->limit : 2 * output->limit) - at;
    size_t part = length - done < room ? (size_t)(length - done) : (size_t)room;
    ssize_t n = pread(output->file, to + done, part, (off_t)at);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n <= 0) {
      break;
    }
    done += (size_t)n;
  }
  return done;
}
