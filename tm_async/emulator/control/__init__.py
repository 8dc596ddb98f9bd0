"""The control plane under `/_emulator/`."""
