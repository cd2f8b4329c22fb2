"""A real node that asks for a password over TLS: its certificates, users and rights made, started, stopped.

The security plugin is the newest on Maven Central, with the OpenSearch that it is made for; the node is one process as
those of opensearch_nodes.py are. What a user of this program must be allowed is in ROLES, and in docs/scale.md.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import ssl
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from opensearch_nodes import STARTING, Absent, Cluster

PASSWORD = "gongwen-test-1"
# The same, as the plugin keeps it (its own tool made this).
HASH = "$2y$12$2e9yGXAEiPzRJ7IycbksxOga90UxN4QkzxxUwckhvs7RRAhHqZqNe"
# `writer` may do all that this program does with an index, `other` nothing.
USERS = ("writer", "other")
ROLES = {
    "gongwen": {
        "cluster_permissions": ["cluster_composite_ops", "cluster:monitor/health"],
        "index_permissions": [{"index_patterns": ["minutes", "minutes-*"], "allowed_actions": ["indices_all"]}],
    }
}
SETTINGS = {
    "plugins.security.ssl.transport.pemcert_filepath": "node.pem",
    "plugins.security.ssl.transport.pemkey_filepath": "node.key",
    "plugins.security.ssl.transport.pemtrustedcas_filepath": "authority.pem",
    "plugins.security.ssl.http.enabled": True,
    "plugins.security.ssl.http.pemcert_filepath": "node.pem",
    "plugins.security.ssl.http.pemkey_filepath": "node.key",
    "plugins.security.ssl.http.pemtrustedcas_filepath": "authority.pem",
    "plugins.security.nodes_dn": ["CN=node"],
    "plugins.security.allow_default_init_securityindex": True,
}


class Secured(Cluster):
    """One node; `authority` is the certificate that vouches for it, for the address 127.0.0.1."""

    pom = "secured.xml"
    plugins = ("org.opensearch.security.OpenSearchSecurityPlugin",)

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, nodes=1)
        self.urls = tuple(url.replace("http:", "https:") for url in self.urls)
        config = folder / "node1" / "config"
        (config / "opensearch-security").mkdir(parents=True)
        self.authority = config / "authority.pem"
        _certify(config)
        # JSON is YAML.
        (config / "opensearch.yml").write_text(json.dumps(SETTINGS))
        for name, told in _rights().items():
            kind = {"_meta": {"type": name.replace("_", ""), "config_version": 2}}
            (config / "opensearch-security" / f"{name}.yml").write_text(json.dumps({**kind, **told}))

    @property
    def place(self) -> str:
        return f"opensearch:{self.urls[0]}"

    def wait(self, status: str = "yellow") -> None:
        """Wait until the node lets its user in."""
        until = time.monotonic() + STARTING
        trusted = ssl.create_default_context(cafile=str(self.authority))
        signed = base64.b64encode(f"{USERS[0]}:{PASSWORD}".encode()).decode()
        asked = urllib.request.Request(f"{self.urls[0]}/_cluster/health", headers={"Authorization": f"Basic {signed}"})
        while time.monotonic() < until:
            if self._running[0].poll() is not None:
                raise Absent(f"the node ended: {self._told(0)}")
            try:
                with urllib.request.urlopen(asked, timeout=10, context=trusted):
                    return
            except OSError:
                time.sleep(0.5)
        raise Absent(f"the node lets nobody in within {STARTING:.0f} s: {self._told(0)}")


def _rights() -> dict[str, dict[str, object]]:
    """Return the files of the security plugin: who there is, and who may do what."""
    signing = {"type": "basic", "challenge": True}
    domain = {
        "http_enabled": True,
        "order": 0,
        "http_authenticator": signing,
        "authentication_backend": {"type": "intern"},
    }
    return {
        "config": {"config": {"dynamic": {"authc": {"basic": domain}}}},
        "internal_users": {user: {"hash": HASH} for user in USERS},
        "roles": dict(ROLES),
        "roles_mapping": {"gongwen": {"users": [USERS[0]]}},
        "action_groups": {},
        "tenants": {},
    }


def _certify(config: Path) -> None:
    """Write an authority, and a key and certificate of a node that it vouches for."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]) for name in ("authority", "node")]
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    extensions: list[x509.ExtensionType] = [x509.BasicConstraints(True, None), address]
    for key, name, extension, file in zip(keys, names, extensions, ("authority.pem", "node.pem"), strict=True):
        made = x509.CertificateBuilder(names[0], name, key.public_key(), x509.random_serial_number())
        lasting = made.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=2))
        signed = lasting.add_extension(extension, critical=False).sign(keys[0], hashes.SHA256())
        (config / file).write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private = keys[1].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (config / "node.key").write_bytes(private)
