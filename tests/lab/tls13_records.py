"""Records of TLS 1.3 that no library would send, sealed with a session's own keys: RFC 8446, sections 5.2 and 7.3.

For the first record that a client sends after its handshake, as the number of a record is part of its seal.
"""

import ctypes
import ctypes.util
import hashlib
import hmac

HANDSHAKE = 22
_SHA384_SUITE = b"TLS_AES_256_GCM_SHA384"

_crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
for _name in ("EVP_CIPHER_CTX_new", "EVP_aes_256_gcm"):
    getattr(_crypto, _name).restype = ctypes.c_void_p


def _expand_label(secret, label, length):
    full = b"tls13 " + label
    info = length.to_bytes(2, "big") + bytes([len(full)]) + full + b"\0"
    return hmac.new(secret, info + b"\1", hashlib.sha384).digest()[:length]


def _seal(key, nonce, header, text):
    context = ctypes.c_void_p(_crypto.EVP_CIPHER_CTX_new())
    length = ctypes.c_int()
    out, tag = ctypes.create_string_buffer(len(text)), ctypes.create_string_buffer(16)
    cipher = ctypes.c_void_p(_crypto.EVP_aes_256_gcm())
    assert _crypto.EVP_EncryptInit_ex(context, cipher, None, key, nonce) == 1
    assert _crypto.EVP_EncryptUpdate(context, None, ctypes.byref(length), header, len(header)) == 1
    assert _crypto.EVP_EncryptUpdate(context, out, ctypes.byref(length), text, len(text)) == 1
    assert _crypto.EVP_EncryptFinal_ex(context, None, ctypes.byref(length)) == 1
    assert _crypto.EVP_CIPHER_CTX_ctrl(context, 0x10, 16, tag) == 1  # EVP_CTRL_GCM_GET_TAG
    _crypto.EVP_CIPHER_CTX_free(context)
    return out.raw + tag.raw


def first_record(key_log, content_type, content):
    """The client's record number 0. `key_log`: what a key log file (SSLKEYLOGFILE) says of the session."""
    line = next(line for line in key_log.splitlines() if line.startswith("CLIENT_TRAFFIC_SECRET_0 "))
    secret = bytes.fromhex(line.split()[2])
    assert len(secret) == hashlib.sha384().digest_size, f"the suite must be {_SHA384_SUITE.decode()}"
    text = content + bytes([content_type])
    header = b"\x17\x03\x03" + (len(text) + 16).to_bytes(2, "big")
    # The nonce is the static one XOR the record's number, which is 0.
    return header + _seal(_expand_label(secret, b"key", 32), _expand_label(secret, b"iv", 12), header, text)
