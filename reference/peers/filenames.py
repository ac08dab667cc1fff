"""Names of files for whoever stores what others send: legal ones that are easily got wrong, and attacks.

{part} makes a name unlike all others, {folder} stands for the folder of the student's code. An attack stays inside the
part's own folder, whatever a program makes of it: see reference.peers.files.
"""

LEGAL = (
    *("中文 文件😀.txt", "-rf", " blanks ", '} "quoted" {.json', "no-extension", "é.TXT", "%2e~$HOME;#*?", ".hidden"),
    "e\u0301 is two characters.txt",  # as macOS writes it; another name than "é…", to a file system that keeps bytes
    "two\nlines\t<a:b|c>.txt",
)
DOTS = ("..hidden", "a..b.txt", "...", "trailing.")
LONGEST = ("文" * 83 + ".x.bin", "z" * 255)  # 255 bytes
TOO_LONG = ("x" * 256, "文" * 86, "y" * 5000)
ATTACKS = (
    "../evil-{part}",
    "../../evil-{part}",
    "a/../../evil-{part}",
    "../inbox/evil-{part}",
    "{folder}/{part}/evil-{part}",
    "sub/evil-{part}",
    "./evil-{part}",
    "evil-{part}/",
    "..\\evil-{part}",
    "C:\\evil-{part}",
    "a\\evil-{part}",
    "..",
    ".",
    "",
)
NULS = ("evil-{part}\0.txt", "good.txt\0/../../evil-{part}")
