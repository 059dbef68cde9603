"""Browsers, as far as a sender can tell; and what others say of a push: http_ece, and npm's web-push-testing."""

import base64
import json
import subprocess
from dataclasses import dataclass, field

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from app.config import ROOT
from app.kit.web_push.keys import point

NODE = r"""
const { createECDH } = require("crypto");
const { PushApiModel } = require("web-push-testing/src/PushApiModel.js");
const told = JSON.parse(require("fs").readFileSync(0));
(async () => {
  const answers = [];
  for (const { key, auth, vapid, headers, body } of told) {
    const model = new PushApiModel(), ecdh = createECDH("prime256v1");
    ecdh.setPrivateKey(Buffer.from(key, "base64url"));
    model.subscriptions.phone = { applicationServerKey: vapid, subscriptionDh: ecdh, auth, isExpired: false };
    console.error = () => {};
    try {
      await model.handleNotification("phone", headers, Buffer.from(body, "base64url"));
      answers.push({ read: model.messages.phone[0] });
    } catch (error) {
      answers.push({ refused: String(error.message) });
    }
  }
  console.log(JSON.stringify(answers));
})();
"""


@dataclass
class Browser:
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = bytes(range(16))

    @property
    def p256dh(self) -> bytes:
        return point(self.key.public_key())

    def opens(self, body: bytes) -> bytes:
        """Raises http_ece.ECEException when it cannot."""
        return http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")

    def for_node(self, body: bytes, vapid: str, authorization: str) -> dict[str, object]:
        private = self.key.private_numbers().private_value.to_bytes(32, "big")
        headers = {"encoding": "aes128gcm", "ttl": "60", "authorization": authorization}
        return {"key": b64(private), "auth": b64(self.auth), "vapid": vapid, "headers": headers, "body": b64(body)}


def web_push_testing(pushes: list[dict[str, object]]) -> list[dict[str, str]]:
    """For each, {"read": words} or {"refused": reason}."""
    told = subprocess.run(
        ["node", "-e", NODE], cwd=ROOT, input=json.dumps(pushes), capture_output=True, text=True, timeout=60, check=True
    )
    return json.loads(told.stdout)


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
