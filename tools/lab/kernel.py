"""A guest's kernel, as Debian's package has it: fetched without being installed; its modules, and what they need in their
turn; and the first file system that it starts from."""

import ctypes
import lzma
import pathlib
import re
import signal
import subprocess

from console import StepFailed


def fetch(latest, folder):
    """Unpacks the kernel of the newest package that `latest` (say, linux-image-amd64) stands for into `folder`, unless one
    is there."""
    folder = pathlib.Path(folder)
    if (folder / "boot").exists():
        return
    found = re.search(r"Depends: (linux-image-[0-9]\S+)",
                      subprocess.run(["apt-cache", "depends", latest], capture_output=True, text=True).stdout)
    if not found:
        raise StepFailed(f"apt knows no package {latest}: run apt-get update")
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", found[1]], cwd=folder,
                          capture_output=True, text=True)
    package = next(folder.glob("*.deb"), None)
    if done.returncode or not package:
        raise StepFailed(f"could not download {found[1]}: {done.stderr.strip()}")
    unpack(package, folder / "new")
    for name in ("lib", "boot"):  # The one that says that all is there comes last.
        (folder / "new" / name).rename(folder / name)
    package.unlink()


def unpack(package, folder):
    subprocess.run(["dpkg-deb", "-x", package, folder], check=True)


def image(folder):
    return next(pathlib.Path(folder).glob("boot/vmlinuz-*"))


def modules(folder, names):
    """(name, content) of these modules, in the order in which they are to be loaded. What is built in is left out."""
    files = {path.name.split(".ko")[0].replace("-", "_"): path for path in pathlib.Path(folder).rglob("*.ko*")}
    found = {}

    def add(name):
        path = files.get(name.replace("-", "_"))
        if path is None or name in found:
            return
        content = path.read_bytes()
        if path.suffix == ".xz":
            content = lzma.decompress(content)
        needed = re.search(rb"\0depends=([^\0]*)\0", content)  # As modinfo(8) reads it.
        for other in (needed[1] if needed else b"").decode().split(","):
            add(other)
        found[name] = content

    for name in names:
        add(name)
    return list(found.items())


def make_initrd(root, path, module_contents):
    """From the folder `root`, to which the modules are added: /modules/NN-NAME, to be loaded in the order of their names."""
    (root / "modules").mkdir()
    for number, (name, content) in enumerate(module_contents, 100):
        (root / f"modules/{number}-{name}").write_bytes(content)
    names = subprocess.run(["find", "."], cwd=root, capture_output=True, check=True).stdout
    with path.open("wb") as out:
        subprocess.run(["cpio", "--create", "--format=newc", "--quiet", "--owner=0:0"], cwd=root, input=names, stdout=out,
                       check=True)


def end_with_parent():
    """For a child: it ends when its parent does, however that ends."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
