// How the rows of a program follow each other (row_program.h), for both twins.
#pragma once

#include "kernel/address.h"
#include "paraflux/row_program.h"

namespace paraflux {
namespace {

static_assert(sizeof(ParafluxRow) == PARAFLUX_ROW_WORDS * sizeof(int64_t), "a row is as many words");
static_assert(sizeof(ParafluxTerm) == PARAFLUX_TERM_WORDS * sizeof(int64_t), "a term is as many words");

template <typename Row>
PARAFLUX_HOST_DEVICE int terms_of(const Row& row) {
  return static_cast<int>(row.kind & PARAFLUX_ROW_TERMS);
}

PARAFLUX_HOST_DEVICE inline const ParafluxTerm* first_term(const ParafluxRow& row) {
  return reinterpret_cast<const ParafluxTerm*>(&row + 1);
}

PARAFLUX_HOST_DEVICE inline const ParafluxRow* next_row(const ParafluxRow* row) {
  return reinterpret_cast<const ParafluxRow*>(first_term(*row) + terms_of(*row));
}

// Whether a row's kind has one of these.
template <typename Row>
PARAFLUX_HOST_DEVICE bool asks(const Row& row, int64_t what) {
  return (row.kind & what) != 0;
}

template <typename Row>
PARAFLUX_HOST_DEVICE bool has_sum(const Row& row) {
  return asks(row, PARAFLUX_ROW_SQUARES | PARAFLUX_ROW_TOTAL | PARAFLUX_ROW_COMPARE);
}

inline const ParafluxRow* first_row(const ParafluxRowProgram& call) {
  return reinterpret_cast<const ParafluxRow*>(call.words);
}

}  // namespace
}  // namespace paraflux
