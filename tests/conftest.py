"""What holds for every test: no screen, no real home, no real cloud account."""

import os

# Before Qt is imported anywhere: windows made inside pytest are drawn into memory.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
# A test that forgot to say which cloud it means must not find the person's own.
os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
_WHOSE = (
    "AWS_ACCESS",
    "AWS_SE",
    "AWS_PROF",
    "AWS_CONTAINER",
    "AWS_WEB",
    "AWS_ROLE",
    "AWS_ENDPOINT",
)
for _name in [name for name in os.environ if name.startswith(_WHOSE)]:
    del os.environ[_name]

pytest_plugins = ["tests.support.session", "tests.support.cloud"]
