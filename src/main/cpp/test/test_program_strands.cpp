// The strands of program_strands.h, without the device they are for: run one after the other in any order, they must
// give what the program gives.
#include "kernel/program_strands.h"
#include "test/cases.h"
#include "test/check.h"
#include "test/random_program.h"
#include "test/target.h"

namespace {

// Rows of a table as a program says them.
std::vector<int64_t> rows_of(const paraflux::ProgramTable& table, int begin, int end) {
  std::vector<int64_t> words;
  for (int r = begin; r < end; ++r) {
    const paraflux::StrandRow& row = table.row(r);
    ParafluxRow whole = {row.kind, row.out, 0, 0, 0, 0, 0, 0, 0, 0};
    if (paraflux::asks(row, paraflux::kFinishes)) {
      std::memcpy(&whole, &row, sizeof whole);
    }
    const auto add = [&](const void* what, size_t bytes) {
      words.resize(words.size() + bytes / sizeof(int64_t));
      std::memcpy(words.data() + words.size() - bytes / sizeof(int64_t), what, bytes);
    };
    add(&whole, sizeof whole);
    add(paraflux::first_term(row), static_cast<size_t>(paraflux::terms_of(row)) * sizeof(ParafluxTerm));
  }
  return words;
}

// Runs the launches of a program, the strands of each in a random order; returns the number of strands.
int run_strands(Arena& arena, int64_t dim, const Program& program, std::vector<double>& sums, std::mt19937_64& random) {
  const std::vector<int64_t> words = words_of(program, static_cast<int64_t>(reinterpret_cast<uintptr_t>(arena.data())));
  const int64_t rows = static_cast<int64_t>(program.size());
  const ParafluxRow* next = reinterpret_cast<const ParafluxRow*>(words.data());
  int strands = 0;
  for (int64_t first = 0; first < rows;) {
    paraflux::ProgramTable table;
    const int count = table.fill(next, first, rows - first);
    std::vector<int> order;
    for (int s = 0; s < table.strands; ++s) {
      order.push_back(s);
    }
    std::shuffle(order.begin(), order.end(), random);
    for (const int s : order) {
      const int begin = s == 0 ? 0 : table.strand_end[s - 1], end = table.strand_end[s];
      std::vector<double> strand_sums(static_cast<size_t>(end - begin), kUntouched);
      const std::vector<int64_t> of_strand = rows_of(table, begin, end);
      const ParafluxRowProgram call = {end - begin, dim, of_strand.data(), strand_sums.data(), nullptr};
      paraflux_row_program(&call);
      for (int r = begin; r < end; ++r) {
        sums[static_cast<size_t>(table.index[r])] = strand_sums[static_cast<size_t>(r - begin)];
      }
    }
    strands += table.strands;
    first += count;
  }
  return strands;
}

}  // namespace

TEST("strands in any order give what the program gives") {
  std::mt19937_64 random(5);
  for (uint64_t seed = 0; seed < 300; ++seed) {
    const int64_t rows = 1 + static_cast<int64_t>(random() % 400), buffers = 2 + static_cast<int64_t>(random() % 600);
    RandomProgram given(rows, 5, buffers, seed, false);
    Arena arena = given.arena;
    const std::vector<double> expected = target().run(given.arena, 5, given.program);
    std::vector<double> sums(expected.size(), -1);
    run_strands(arena, 5, given.program, sums, random);
    CHECK(arena == given.arena && same_bits(sums, expected), "rows %lld, buffers %lld, seed %llu",
          static_cast<long long>(rows), static_cast<long long>(buffers), static_cast<unsigned long long>(seed));
  }
}

TEST("rows that share inputs alone are strands of their own, and a chain is one") {
  std::mt19937_64 random(5);
  Arena arena;
  const int64_t shared = arena.add_random_row(3, 0, random);
  Program apart, chain;
  int64_t before = shared;
  for (int i = 0; i < 100; ++i) {
    ProgramRow row;
    row.kind = PARAFLUX_ROW_STORE;
    row.out = arena.add_row(3);
    row.inputs = {shared};
    row.coefficients = {0.5};
    apart.push_back(row);
    row.inputs = {before};
    chain.push_back(row);
    before = row.out;
  }
  std::vector<double> sums(100);
  CHECK(run_strands(arena, 3, apart, sums, random) == 100, "100 rows apart");
  CHECK(run_strands(arena, 3, chain, sums, random) == 1, "a chain of 100");
}

TEST("places that rise, but for one step back, are told apart at a glance, and never where rows ask of each other") {
  std::mt19937_64 random(5);
  for (const int64_t step : {0, 1, 17, 39}) {
    for (const int again : {-1, 0, 5, 39}) {
      for (const int reads : {-1, 3, 38}) {
        Arena arena;
        const int64_t shared = arena.add_random_row(3, 0, random);
        std::vector<int64_t> places;
        for (int i = 0; i < 40; ++i) {
          places.push_back(arena.add_random_row(3, 0, random));
        }
        std::rotate(places.begin(), places.begin() + step, places.end());
        if (again >= 0) {
          places.push_back(places[static_cast<size_t>(again)]);
        }
        Program program;
        for (size_t i = 0; i < places.size(); ++i) {
          ProgramRow row;
          row.kind = PARAFLUX_ROW_STORE;
          row.out = places[i];
          row.inputs = {reads >= 0 && i % 2 == 0 ? places[static_cast<size_t>(reads)] : shared};
          row.coefficients = {0.5 + static_cast<double>(i)};
          program.push_back(row);
        }
        Arena expected = arena;
        target().run(expected, 3, program);
        std::vector<double> sums(program.size());
        const int strands = run_strands(arena, 3, program, sums, random);
        CHECK(arena == expected && (strands == 40) == (reads < 0), "step %lld, again %d, reads %d",
              static_cast<long long>(step), again, reads);
      }
    }
  }
}

TEST("the largest rows fill launches, and none is lost") {
  std::mt19937_64 random(5);
  RandomProgram given(0, 2, 12, 1, false);
  for (int i = 0; i < 500; ++i) {
    ProgramRow row = given.row();
    row.inputs.resize(row.kind == (PARAFLUX_ROW_STORE | PARAFLUX_ROW_COPY) ? 1 : PARAFLUX_MAX_TERMS, given.pool[0]);
    row.coefficients.resize(row.inputs.size(), 0.25);
    given.program.push_back(row);
  }
  Arena arena = given.arena;
  const std::vector<double> expected = target().run(given.arena, 2, given.program);
  std::vector<double> sums(500, -1);
  run_strands(arena, 2, given.program, sums, random);
  CHECK(arena == given.arena && same_bits(sums, expected), "500 rows");
}
