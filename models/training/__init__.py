"""How Teardrop's pose network is made: people are rendered, a network learns from them, and is measured.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
