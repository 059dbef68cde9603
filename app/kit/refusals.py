"""What a rule raises when the answer is no, with a sentence for the person who asked."""

from app.kit.words import Sentence, say


class Refusal(Exception):
    """`beside` names the form field that the sentence belongs to, when there is one; `way` is a page that leads on,
    with the words of its link. Where `wait` is not 0, the same may be asked again after so many seconds."""

    status = 422
    wait = 0

    def __init__(self, sentence: Sentence, *, beside: str = "", way: tuple[str, Sentence] | None = None) -> None:
        super().__init__(str(sentence))
        self.sentence, self.beside, self.way = sentence, beside, way


class Several(Refusal):
    """More than one thing to put right: each beside its own field."""

    def __init__(self, each: list[Refusal]) -> None:
        super().__init__(each[0].sentence, beside=each[0].beside)
        self.each = each


class Taken(Refusal):
    """Somebody was faster."""

    status = 409


class Missing(Refusal):
    """It is not there, or it is not yours to see: we do not say which."""

    status = 404

    def __init__(self, sentence: Sentence | None = None) -> None:
        super().__init__(sentence or say("That is not here, or not yours to see."))


class NotYours(Refusal):
    """You may see it, and may not do this to it."""

    status = 403


class TooOften(Refusal):
    """Wait a little; `wait` says how long, in seconds."""

    status = 429

    def __init__(self, sentence: Sentence, *, wait: int) -> None:
        super().__init__(sentence)
        self.wait = wait
