// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Precompiled for the window and its tests: what takes the compiler longest. No file relies on it.
#include "core/session/session.h"

#include <QApplication>
#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QTimer>
#include <QWidget>
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
