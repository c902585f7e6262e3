"""How a model is written down: what `documents` reads."""

from lead_scoring.domain.probability.additive import Additive, Line, Steps, Weights
from lead_scoring.domain.probability.average import Average
from lead_scoring.domain.probability.base_rate import BaseRate
from lead_scoring.domain.probability.calibration import Calibrated, Isotonic, Platt
from lead_scoring.domain.probability.prediction import Model
from lead_scoring.domain.probability.segmented import Segmented
from lead_scoring.domain.probability.trees import Feature, Tree, Trees


def written(model: Model) -> dict[str, object]:
    """The model as what JSON can hold. Raises `TypeError` for what is no model."""
    match model:
        case BaseRate():
            return {"kind": "base_rate", "log_odds": model.log_odds}
        case Additive():
            traits = {name: _written_weights(one) for name, one in model.traits.items()}
            return {"kind": "additive", "base": model.base, "traits": traits}
        case Trees():
            return {
                "kind": "trees",
                "base": model.base,
                "features": [_written_feature(one) for one in model.features],
                "trees": [_written_tree(one) for one in model.trees],
            }
        case Calibrated():
            return {
                "kind": "calibrated",
                "model": written(model.model),
                "calibration": _written_calibration(model.calibration),
            }
        case Average():
            models = [written(one) for one in model.models]
            return {"kind": "average", "weights": list(model.weights), "models": models}
        case Segmented():
            return {
                "kind": "segmented",
                "trait": model.trait,
                "models": {name: written(one) for name, one in model.models.items()},
                "otherwise": written(model.otherwise),
            }
        case _:
            raise TypeError(f"{type(model).__name__} is no kind of model that can be written")


def _written_weights(weights: Weights) -> dict[str, object]:
    written: dict[str, object] = {
        "words": dict(weights.words),
        "other": weights.other,
        "missing": weights.missing,
    }
    match weights.numbers:
        case Steps(edges, heights):
            written["steps"] = {"edges": list(edges), "heights": list(heights)}
        case Line(knots, heights):
            written["line"] = {"knots": list(knots), "heights": list(heights)}
        case None:
            pass
    return written


def _written_feature(feature: Feature) -> dict[str, object]:
    if feature.words is None:
        return {"trait": feature.trait}
    # JSON has no nan: a word that says nothing has no number.
    words = dict(feature.words)
    written: dict[str, object] = {"trait": feature.trait, "words": words}
    return written if feature.other != feature.other else written | {"other": feature.other}


def _written_tree(tree: Tree) -> dict[str, object]:
    return {
        "features": list(tree.features),
        "thresholds": list(tree.thresholds),
        "left": list(tree.left),
        "right": list(tree.right),
        "missing_left": [int(one) for one in tree.missing_left],
        "values": list(tree.values),
    }


def _written_calibration(calibration: Platt | Isotonic) -> dict[str, object]:
    match calibration:
        case Platt(intercept, slope):
            return {"kind": "platt", "intercept": intercept, "slope": slope}
        case Isotonic(given, mended):
            return {"kind": "isotonic", "given": list(given), "mended": list(mended)}
