// More rows than a launch takes, of more than one chunk each: what a launch leaves in scratch is its own.
#include "test/cases.h"
#include "test/check.h"
#include "test/target.h"

TEST("many rows of several chunks give the bits of the host's baseline") {
  for (const int64_t dim : {4097, 9000}) {
    if (quick() && dim > 4097) {
      continue;
    }
    Case given = random_case(430, dim, 2, false);
    CHECK(
        same_bits(target().norms(given.arena, dim, given.terms), make_baseline()->norms(given.arena, dim, given.terms)),
        "squares, dim %lld", static_cast<long long>(dim));
    Arena changed = given.arena, expected = given.arena;
    const std::vector<double> changes = target().change(changed, dim, given.terms, given.terms.out, -1, 1),
                              expected_changes =
                                  make_baseline()->change(expected, dim, given.terms, given.terms.out, -1, 1);
    CHECK(changed == expected && same_bits(changes, expected_changes), "change, dim %lld", static_cast<long long>(dim));
  }
}

TEST("many groups of several chunks give the bits of the host's baseline") {
  for (const int32_t size : {5, 7}) {
    Case given = random_case(size * 40, 2100, 2, false);
    CHECK(same_bits(target().gram(given.arena, 2100, given.terms, size),
                    make_baseline()->gram(given.arena, 2100, given.terms, size)),
          "size %d", size);
  }
}
