"""A model as a JSON document, and back: what is stored, promoted, exported and rolled back."""

from itertools import pairwise
from typing import Final

from lead_scoring.domain.probability.additive import Additive, Line, Steps, Weights
from lead_scoring.domain.probability.average import Average
from lead_scoring.domain.probability.base_rate import BaseRate
from lead_scoring.domain.probability.calibration import Calibrated, Isotonic, Platt
from lead_scoring.domain.probability.prediction import Model
from lead_scoring.domain.probability.reading import (
    Node,
    WrongDocument,
    integers,
    mapping,
    number,
    numbers,
    sequence,
    text,
)
from lead_scoring.domain.probability.segmented import Segmented
from lead_scoring.domain.probability.trees import Feature, Tree, Trees
from lead_scoring.domain.probability.writing import written

FORMAT: Final = 1
DEPTH_MAX: Final = 8
"""How deep models may lie in models: segmented, calibrated, average and what is in it need 4."""


def document_of(model: Model) -> dict[str, object]:
    """The model as a document that JSON can hold."""
    return {"format": FORMAT, "model": written(model)}


def model_of(document: object) -> Model:
    """The model of a document. Raises `WrongDocument`, which names the place."""
    root = Node("document", document)
    fields = mapping(root)
    if "format" not in fields or number(fields["format"]) != FORMAT:
        raise WrongDocument(f"document.format must be {FORMAT}")
    if "model" not in fields:
        raise WrongDocument("document.model is missing")
    return _read(fields["model"], DEPTH_MAX)


def _read(node: Node, depth: int) -> Model:
    if depth == 0:
        raise WrongDocument(f"{node.place} lies deeper than {DEPTH_MAX} models")
    match text(node.at("kind")):
        case "base_rate":
            return BaseRate(number(node.at("log_odds")))
        case "additive":
            traits = mapping(node.at("traits"))
            read = {name: _read_weights(one) for name, one in traits.items()}
            return Additive(number(node.at("base")), read)
        case "trees":
            return _read_trees(node)
        case "calibrated":
            model = _read(node.at("model"), depth - 1)
            return Calibrated(model, _read_calibration(node.at("calibration")))
        case "average":
            weights = numbers(node.at("weights"))
            models = tuple(_read(one, depth - 1) for one in sequence(node.at("models")))
            if len(weights) != len(models):
                raise WrongDocument(f"{node.place}.weights must be as many as its models")
            return Average(weights, models)
        case _:
            return _read_segmented(node, depth)


def _read_segmented(node: Node, depth: int) -> Segmented:
    if text(node.at("kind")) != "segmented":
        raise WrongDocument(f"{node.place}.kind is none that is known")
    models = mapping(node.at("models"))
    return Segmented(
        trait=text(node.at("trait")),
        models={name: _read(one, depth - 1) for name, one in models.items()},
        otherwise=_read(node.at("otherwise"), depth - 1),
    )


def _read_weights(node: Node) -> Weights:
    return Weights(
        words=_amounts(node.at("words")),
        other=number(node.at("other")),
        missing=number(node.at("missing")),
        numbers=_read_numbers(node),
    )


def _read_numbers(node: Node) -> Steps | Line | None:
    fields = mapping(node)
    if (steps := fields.get("steps")) is not None:
        edges, heights = _rising(steps.at("edges")), numbers(steps.at("heights"))
        if len(heights) != len(edges) + 1:
            raise WrongDocument(f"{steps.place}.heights must be one more than its edges")
        return Steps(edges, heights)
    if (line := fields.get("line")) is not None:
        return Line(*_read_line(line, "knots", "heights"))
    return None


def _read_calibration(node: Node) -> Platt | Isotonic:
    match text(node.at("kind")):
        case "platt":
            return Platt(number(node.at("intercept")), number(node.at("slope")))
        case "isotonic":
            return Isotonic(*_read_line(node, "given", "mended"))
        case other:
            raise WrongDocument(f"{node.place}.kind must be platt or isotonic, not {other}")


def _read_line(node: Node, over: str, heights: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    knots, values = _rising(node.at(over)), numbers(node.at(heights))
    if not knots or len(knots) != len(values):
        raise WrongDocument(f"{node.place}.{heights} must be as many as {over}, and one at least")
    return knots, values


def _read_trees(node: Node) -> Trees:
    features = tuple(_read_feature(one) for one in sequence(node.at("features")))
    trees = tuple(_read_tree(one, len(features)) for one in sequence(node.at("trees")))
    return Trees(number(node.at("base")), features, trees)


def _read_feature(node: Node) -> Feature:
    fields = mapping(node)
    words = fields.get("words")
    if words is None:
        return Feature(text(node.at("trait")))
    other = number(fields["other"]) if "other" in fields else float("nan")
    return Feature(text(node.at("trait")), _amounts(words), other)


def _read_tree(node: Node, features: int) -> Tree:
    tree = Tree(
        features=integers(node.at("features")),
        thresholds=numbers(node.at("thresholds")),
        left=integers(node.at("left")),
        right=integers(node.at("right")),
        missing_left=tuple(bool(one) for one in integers(node.at("missing_left"))),
        values=numbers(node.at("values")),
    )
    _check_tree(node, tree, features)
    return tree


def _check_tree(node: Node, tree: Tree, features: int) -> None:
    """Columns of one length, known features, children after their parents: no walk is endless."""
    size = len(tree.features)
    columns = (tree.thresholds, tree.left, tree.right, tree.missing_left, tree.values)
    if size == 0 or any(len(column) != size for column in columns):
        raise WrongDocument(f"{node.place} must have columns of one length")
    for place, feature in enumerate(tree.features):
        children = (tree.left[place], tree.right[place])
        is_leaf = feature == -1
        if not is_leaf and not all(place < child < size for child in children):
            raise WrongDocument(f"{node.place}: node {place} must have children that come after it")
        if not -1 <= feature < features:
            raise WrongDocument(f"{node.place}: node {place} reads a feature that is not there")


def _rising(node: Node) -> tuple[float, ...]:
    values = numbers(node)
    if any(later <= earlier for earlier, later in pairwise(values)):
        raise WrongDocument(f"{node.place} must be rising")
    return values


def _amounts(node: Node) -> dict[str, float]:
    return {word: number(amount) for word, amount in mapping(node).items()}
