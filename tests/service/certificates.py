"""Keys and certificates for tests, made with openssl."""
import os
import subprocess


def write(path, text, mode=0o600):
    with open(path, "w", encoding="ascii") as out:
        out.write(text)
    os.chmod(path, mode)
    return path


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def make_pair(folder, name, *signed):
    """A key and a certificate, its own or signed by (authority, purpose)."""
    key, certificate = f"{folder}/{name}.key", f"{folder}/{name}.pem"
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key)
    os.chmod(key, 0o600)
    if not signed:
        openssl("req", "-x509", "-new", "-key", key, "-subj", f"/CN={name}", "-days", "30",
                "-addext", "basicConstraints=critical,CA:TRUE", "-out", certificate)
        return certificate, key
    authority, purpose = signed
    request = f"{folder}/{name}.csr"
    more = write(f"{folder}/{name}.ext",
                 f"extendedKeyUsage={purpose}\nsubjectAltName=IP:127.0.0.1\n")
    openssl("req", "-new", "-key", key, "-subj", f"/CN={name}", "-out", request)
    openssl("x509", "-req", "-in", request, "-CA", f"{folder}/{authority}.pem", "-CAkey",
            f"{folder}/{authority}.key", "-CAcreateserial", "-days", "30", "-extfile", more,
            "-out", certificate)
    return certificate, key
