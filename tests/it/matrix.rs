//! The permission matrix as it was last reviewed.

use crate::snapshot::assert_kept;

// P3, A1, A2, A4, A5, A9, A12, O1, O3
#[test]
fn the_permission_matrix_is_the_reviewed_one() {
    assert_kept("permission_matrix.txt", &policy::matrix());
}
