#!/bin/sh
# X-MyDocTransfer-Written=true
# Nautilus starts this in the directory that is shown, with the chosen files as arguments.
[ $# -gt 0 ] || exit 0
exec mydoctransfer --share-files "$@"
