"""What is sealed with a person's own key opens for them alone, and for nobody once the key is destroyed."""

import asyncio

from app.kit import own_keys
from app.kit.tables import OwnKey
from tests.makers import NOON


async def test_it_opens_again_and_under_no_other_number():
    sealed = await own_keys.seal_for(7, "透析", now=NOON)
    await own_keys.seal_for(8, "", now=NOON)

    assert "透析" not in sealed and sealed != await own_keys.seal_for(7, "透析", now=NOON)
    assert await own_keys.unseal_for(7, sealed) == "透析"
    assert await own_keys.unseal_for(8, sealed) is None
    assert await own_keys.unseal_for(7, "nothing of ours") is None


async def test_with_the_key_goes_what_was_sealed():
    sealed = await own_keys.seal_for(7, "words", now=NOON)
    await own_keys.forget(7, now=NOON)
    assert await own_keys.unseal_for(7, sealed) is None

    await own_keys.seal_for(7, "later", now=NOON)  # a new key does not open old words
    assert await own_keys.unseal_for(7, sealed) is None


async def test_ten_at_once_make_one_key():
    sealed = await asyncio.gather(*[own_keys.seal_for(7, str(n), now=NOON) for n in range(10)])
    assert await OwnKey.count() == 1
    assert [await own_keys.unseal_for(7, each) for each in sealed] == [str(n) for n in range(10)]
