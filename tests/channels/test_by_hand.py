"""Kakao and copy-link: prepared by us, sent by a person."""

from sharing.channels.kakao import Kakao, sdk_payload
from sharing.channels.link import Link
from sharing.channels.testing import ChannelContract
from sharing.domain.message import Teaser
from sharing.domain.outcomes import Achieved


class TestKakao(ChannelContract):
    channel = Kakao()
    secrets = {"javascript_key": "js-key-1", "admin_key": "admin-key-1"}

    def test_delivering_opens_the_share_page_and_sends_nothing(self):
        receipt = self.channel.deliver(self.prepared(), self.account())
        assert receipt.achieved is Achieved.PREPARED
        assert receipt.permalink == f"http://localhost:8000/k/{self.marker}"

    def test_the_payload_names_the_delivery_so_that_the_webhook_comes(self):
        payload = sdk_payload(self.message(), self.marker)
        assert payload["serverCallbackArgs"] == {"marker": self.marker}
        assert payload["objectType"] == "feed"

    def test_without_a_picture_it_is_a_text(self):
        import dataclasses

        bare = dataclasses.replace(self.article, image_url=None)
        message = self.channel.compose(bare, Teaser(), self.account(), "https://news.example/story/1")
        assert message.body["objectType"] == "text"
        assert message.body["text"] == message.text

    def test_a_persons_first_line_is_the_title(self):
        message = self.message(Teaser(words="제목\n설명"))
        assert (message.body["content"]["title"], message.body["content"]["description"]) == ("제목", "설명")


class TestLink(ChannelContract):
    channel = Link()

    def test_delivering_opens_the_short_address(self):
        receipt = self.channel.deliver(self.prepared(), self.account())
        assert receipt.achieved is Achieved.PREPARED
        assert receipt.permalink == f"http://localhost:8000/s/{self.marker}"
        assert self.message().text == receipt.permalink
