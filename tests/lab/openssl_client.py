"""A TLS 1.3 client on OpenSSL's own functions, for what Python's ssl cannot do: key updates. Blocking."""

import ctypes
import ctypes.util

from lab.tls_client import tcp_connect

KEEP_YOURS, UPDATE_YOURS_TOO = 0, 1  # SSL_KEY_UPDATE_NOT_REQUESTED, SSL_KEY_UPDATE_REQUESTED
_FILETYPE_PEM = 1

_libssl = ctypes.CDLL(ctypes.util.find_library("ssl"))
for _name in ("TLS_client_method", "SSL_CTX_new", "SSL_new"):
    getattr(_libssl, _name).restype = ctypes.c_void_p


class OpensslClient:
    def __init__(self, identity, **tcp):
        pem = str(identity.pem()).encode()
        self.socket = tcp_connect(**tcp)
        self.socket.settimeout(None)
        self._context = ctypes.c_void_p(_libssl.SSL_CTX_new(ctypes.c_void_p(_libssl.TLS_client_method())))
        assert _libssl.SSL_CTX_use_certificate_file(self._context, pem, _FILETYPE_PEM) == 1
        assert _libssl.SSL_CTX_use_PrivateKey_file(self._context, pem, _FILETYPE_PEM) == 1
        self._ssl = ctypes.c_void_p(_libssl.SSL_new(self._context))
        assert _libssl.SSL_set_fd(self._ssl, self.socket.fileno()) == 1
        assert _libssl.SSL_connect(self._ssl) == 1

    def update_keys(self, which):
        """Sends a KeyUpdate; false when it could not be sent."""
        return _libssl.SSL_key_update(self._ssl, which) == 1 and _libssl.SSL_do_handshake(self._ssl) == 1

    def write(self, data):
        assert _libssl.SSL_write(self._ssl, data, len(data)) == len(data)

    def read_exactly(self, count):
        data = b""
        while len(data) < count:
            buffer = ctypes.create_string_buffer(count - len(data))
            got = _libssl.SSL_read(self._ssl, buffer, len(buffer))
            assert got > 0, f"the connection ended after {len(data)} of {count} bytes"
            data += buffer.raw[:got]
        return data

    def close(self):
        _libssl.SSL_free(self._ssl)
        _libssl.SSL_CTX_free(self._context)
        self.socket.close()
