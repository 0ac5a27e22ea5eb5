// What the parts of dassie-runner share. One runner serves one slot: it builds a private root once
// and then runs one datum after another in it, as the JVM asks over its standard input.
#ifndef DASSIE_RUNNER_H
#define DASSIE_RUNNER_H

#include <stddef.h>
#include <stdint.h>
#include <stdnoreturn.h>
#include <sys/types.h>

// ---- wire.c: frames on the pipes to the JVM: u32 length, u8 kind, payload; numbers big-endian.

enum { KIND_SETUP = 'S', KIND_CONTAIN = 'C' };                                           // from the JVM
enum { KIND_RUN = 'X', KIND_TERMINATE = 'T', KIND_SETTLE = 'Y' }; // from the JVM
enum { KIND_READY = 'R', KIND_ERROR = 'E', KIND_DONE = 'D', KIND_OUTPUT = 'O', KIND_SETTLED = 'y' }; // to the JVM
enum { KIND_SHELL = 'P', KIND_INPUT = 'I', KIND_END = 'Z' }; // from the JVM: a shell and its input
enum { KIND_LOOK = 'L', KIND_SEEN = 'l' };  // from the JVM: what is the end of the output so far? to the JVM: this
enum { KIND_ENDED = 'F' };                                   // to the JVM: the shell's end

struct frame {
  unsigned char kind;
  unsigned char *payload;
  size_t length;
};

struct reader {
  unsigned char *at;
  unsigned char *end;
};

// Reads one frame; 0 at the end of the stream. The payload is valid until `frame_free`.
int frame_read(int fd, struct frame *frame);
void frame_free(struct frame *frame);
void frame_write(int fd, unsigned char kind, const void *payload, size_t length);

struct reader frame_reader(const struct frame *frame);
uint8_t read_u8(struct reader *in);
uint32_t read_u32(struct reader *in);
uint64_t read_u64(struct reader *in);
// A string stands as u32 length without its NUL, the bytes, a NUL; it points into the payload.
char *read_string(struct reader *in);
unsigned char *read_bytes(struct reader *in, size_t *length);
// A list of strings with a NULL behind it; the caller frees the list.
char **read_strings(struct reader *in);
unsigned char *write_u32(unsigned char *at, uint32_t value);
unsigned char *write_u64(unsigned char *at, uint64_t value);

// Sends what went wrong and the meaning of errno to the JVM, and exits.
noreturn void fail(const char *what, const char *which);

// ---- root.c: the private root of the slot.

struct step {
  char kind;
  char *first;
  char *second;
};

struct setup {
  uid_t uid;
  gid_t gid;
  int own_network;
  uint64_t scratch_bytes;
  char *root;
  char *log;
  uint32_t count;
  struct step *steps;
};

void setup_read(struct frame *frame, struct setup *setup);
// Maps the caller's own uid and gid in a new user namespace.
void enter_user_namespace(void);
// Makes the mounts of the steps and makes the result the root.
void build_root(struct setup *setup);
void raise_loopback(void);

// ---- contain.c: a container, which is the root of the slot as it is.

// Serves the JVM at the Unix socket until it closes it. This process is the first of the container.
void contain(const char *socket);

// ---- scratch.c: what a datum can write beside its output, fresh for each.

void scratch_open(const struct setup *setup, const char *prefix);
// Takes folders that are there already, which this process empties instead of mounting anew.
void scratch_adopt(const struct setup *setup);
// Makes the scratch folders and the IPC namespace new where the last datum left anything.
void scratch_refresh(void);
// Whether a datum left something that cannot be made new here.
int scratch_spoilt(void);
// Whether nothing lies in /pfs/out; 0 also where it cannot be told.
int left_nothing(void);
// Bytes in the scratch folders and in shared memory segments.
uint64_t scratch_used(void);

// ---- output.c: standard output and error of a datum: the first and the last `limit` bytes, or all of
// it sent as it comes.

struct output {
  int file; // takes what is too long to be held; where it is -1, that is sent
  uint64_t limit;
  uint64_t total;
  size_t held;
  int spilled;
  int damaged;
  int live;
};

enum { OUTPUT_HELD = 65536, OUTPUT_SHOWN = 32768 }; // the second as in Written.java

void output_start(struct output *output, uint64_t limit, int live);
// Takes what is in the pipe now. 0: the pipe has ended; 1: more may come.
int output_take(struct output *output, int pipe);
const unsigned char *output_held(const struct output *output);
// Copies the last bytes of what came so far, as many as are kept here and fit, and says how many.
size_t output_end(const struct output *output, unsigned char *to, size_t most);

// ---- watch.c: what a run may take. 0 is without a limit.

enum { WITHIN = 0, OVER_DISK = 1, OVER_PROCESSES = 2, OVER_MEMORY = 3 }; // as in Bounds.java

struct bounds {
  uint64_t disk;      // bytes of all that it leaves in /pfs/out, and of any one file
  uint64_t memory;    // bytes of its processes and its scratch folders together
  uint32_t processes; // and threads, at once
  uint32_t cpus;
};

// In the child, before exec: what the kernel keeps for one process.
void watch_bind(const struct bounds *limits);
void watch_start(const struct bounds *limits);
// Milliseconds until the next look; -1 where nothing is looked at.
int watch_wait(void);
// Looks, if it is time to. Which limit is broken.
int watch_look(void);
void watch_end(void);
// Makes the runner come before what it watches.
void watch_first(void);
// When the machine runs out of memory, the kernel is to choose datums and not the server.
void prefer_for_oom(void);

// ---- guard.c: who the datum is, and whether the runner is still what it was.

void drop_privileges(const struct setup *setup);
// In the child, before exec.
void become_datum(uid_t uid, gid_t gid);
void guard_remember(void);
// Whether a datum changed limits or scheduling of this process, which runs under the same user.
int guard_broken(void);
// How many processes the kernel's out-of-memory killer has ended on this machine.
uint64_t oom_kills(void);

// ---- datum.c

// Runs what the JVM asks for until it closes the pipe, or the slot is used up.
void serve_datums(struct setup *setup, struct output *output);
// Runs what the frame asks for and answers. 0: the slot is used up.
int datum_run(struct frame *frame, const struct setup *setup, struct output *output);
// Like execvpe, without its way out through a shell; complains where it cannot, with 126 or 127.
noreturn void execute(char **arguments, char **variables);

// ---- terminal.c: a shell that a person sits at.

// Runs the shell that the frame asks for, until it ends, and answers with its output and its end.
void shell_run(struct frame *frame, const struct setup *setup);

// ---- reap.c: a command with no sandbox.

// Runs the command, ends what it leaves running, and writes to `usage` the user and system time in
// microseconds and the largest resident size in KiB. Returns the exit code. SIGTERM, or the end of the
// JVM, ends the command.
int reap_run(const char *usage, char **command);

#endif
