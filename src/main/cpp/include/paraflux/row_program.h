#pragma once

#include "paraflux/common.h"

#ifdef __cplusplus
extern "C" {
#endif

// What a row of a program is, beside its number of terms (the lowest byte).
#define PARAFLUX_ROW_TERMS 0xFF
#define PARAFLUX_ROW_STORE 0x100    // stored at `out`
#define PARAFLUX_ROW_SQUARES 0x200  // sum: of v^2
#define PARAFLUX_ROW_TOTAL 0x400    // sum: of v
#define PARAFLUX_ROW_COMPARE 0x800  // sum: of |seen(stored) - seen(before)|; with STORE only
#define PARAFLUX_ROW_BLEND 0x1000   // stored: mask v + (1 - mask) known; with STORE only
#define PARAFLUX_ROW_CLAMP 0x2000   // stored: clamp(v) / divisor; with STORE only
#define PARAFLUX_ROW_COPY 0x4000    // stored: the one term's row, bit for bit; with STORE only, and nothing else

// A row of a program. Its terms follow, as so many ParafluxTerms; then the next row.
typedef struct ParafluxRow {
  int64_t kind;     // number of terms, 1..PARAFLUX_MAX_TERMS, with at most one sum, and one of BLEND and CLAMP
  int64_t out;      // the rest is ignored where the kind does not ask for it
  int64_t before;   // the row compared with: one that lies there when the row's turn comes, its own `out` too
  double seen_low;  // the range of a value that is seen: -1 and 1 for a picture, infinities for none; floats
  double seen_high;
  int64_t mask;
  int64_t known;
  double low;
  double high;
  double divisor;  // above 0
} ParafluxRow;

#define PARAFLUX_ROW_WORDS 10
#define PARAFLUX_TERM_WORDS 2

// Rows of a program run in order: a row reads what rows before it have stored, and may overwrite it. With v the
// combination of the row's terms (common.h), in double and unrounded, element by element
//
//     stored = (float) v                                    one term of coefficient 1 keeps -0
//     stored = (float) (mask v + (1 - mask) known)          BLEND: exactly known or v where the mask is 0 or 1
//     stored = (float) (clamp(v) / divisor)                 CLAMP: low if v < low, high if v > high, else v, but a v
//                                                           that is not finite stays itself
//     seen(s) = seen_low if s < seen_low, seen_high if s > seen_high, else s (so that a NaN stays one)
//
// A row may be stored over one of its own inputs, its mask, what is known or what it is compared with, which then mean
// what lay there before.
//
// A sum over e is double and in one fixed order on every ISA and device: chunks of 4096 elements; inside a chunk lane l
// of 256 adds its elements l, l + 256, l + 512, ... in order; lanes are folded in halves (lane l += lane l + 128, then
// 64, ..., 1); chunks are added in order. A sum of squares is finite if and only if every v is; so is a total, but for
// what overflows.
typedef struct ParafluxRowProgram {
  int64_t rows;          // >= 0
  int64_t dim;           // values in a row, >= 1
  const int64_t* words;  // the rows, one after the other
  double* sums;          // [rows] result, left alone for rows that want none; for the twin device or pinned host memory
  double* scratch;       // paraflux_row_program_scratch(rows, dim) doubles; for the twin device memory; on the host it
                         // may be null, and the call then keeps to one thread
} ParafluxRowProgram;

// Must move: 4 dim bytes for each row that is read and not in a cache, and for each that is stored. Rows run chunk by
// chunk, so that what they share or hand on is read from memory once. The twin takes a launch for some 400 rows (32 KB
// of them; 8 for 110 of three terms, 1 for 8), and another where a row of more than one chunk has a sum.
//
// A strand, which is a row that asks nothing of others or a chain of such as do, takes dim / 2048 blocks of 256
// threads, of which a processor has 4 at once; with sums dim / 4096, of which it has 2. By counting (common.h), a row
// of T terms:
//
//                                   bytes an operation              H100    L4   RTX 4090
//     stored                        4 (T + 1) / 3 T, 3 terms 1.78    all   all        all
//                                   9 terms 1.48                     all   all       0.95
//     its squares, not stored       4 T / (3 T + 1), 1 term 1.00     all  0.79       0.64
//                                   3 terms 1.20                     all  0.95       0.77
//     stored and compared           4 (T + 2) / (3 T + 4), 3: 1.54   all   all       0.98
//     stored and blended            4 (T + 3) / (3 T + 6), 1: 1.78   all   all        all
PARAFLUX_API int paraflux_row_program(const ParafluxRowProgram* call);
PARAFLUX_API int paraflux_row_program_cuda(const ParafluxRowProgram* call, int device, void* stream);
PARAFLUX_API int64_t paraflux_row_program_scratch(int64_t rows, int64_t dim);

// Threads that a call on the host may use, the calling one included: 1, or what the environment variable
// PARAFLUX_ROW_THREADS said when it was first asked for, or what was set. Calls of less work than is worth it use one,
// and so does a call that comes while another has the threads. Bits do not depend on it. Threads are made when first
// needed, and sleep where there is no work.
#define PARAFLUX_MAX_ROW_THREADS 64

// Values that the rows of a call have together, at least, for more than one thread.
#define PARAFLUX_WORTH_THREADS 2000000

PARAFLUX_API int paraflux_row_threads(void);

// Sets it, 1 to PARAFLUX_MAX_ROW_THREADS; what is outside becomes what is next to it.
PARAFLUX_API void paraflux_set_row_threads(int count);

#ifdef __cplusplus
}
#endif
