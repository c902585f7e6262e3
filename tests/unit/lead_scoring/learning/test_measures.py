"""Measures of probabilities, against what can be counted by hand."""

import math

import numpy as np
import pytest

from lead_scoring.learning.measures import measure

WON = np.array([True, False, True, False])


def test_measures_are_what_is_counted_by_hand() -> None:
    predicted = np.array([0.8, 0.4, 0.4, 0.2])

    found = measure(predicted, WON)

    logs = math.log(0.8) + math.log(0.6) + math.log(0.4) + math.log(0.8)
    assert found.log_loss == pytest.approx(-logs / 4)
    assert found.brier == pytest.approx((0.04 + 0.16 + 0.36 + 0.04) / 4)
    assert found.auc == pytest.approx(3.5 / 4)
    assert found.mean_predicted == pytest.approx(0.45)
    assert found.mean_actual == 0.5


def test_a_constant_has_one_gap_and_no_order() -> None:
    found = measure(np.full(4, 0.3), WON)

    assert found.calibration_error == pytest.approx(0.2)
    assert found.auc == 0.5


def test_one_class_alone_has_no_order_and_nothing_has_no_measures() -> None:
    assert measure(np.full(2, 0.3), np.array([True, True])).auc is None
    assert measure(np.empty(0), np.empty(0, dtype=np.bool_)).log_loss is None
