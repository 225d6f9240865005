// Macros that platform headers and widely used libraries define, by the header they come from, for
// tools/check_macros.py.

// <windows.h> without NOMINMAX and WIN32_LEAN_AND_MEAN: minwindef.h, winnt.h, wingdi.h, winuser.h, rpcndr.h.
#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
#define near
#define far
#define NEAR near
#define FAR far
#define IN
#define OUT
#define OPTIONAL
#define CONST const
#define VOID void
#define CALLBACK __stdcall
#define PASCAL __stdcall
#define STRICT 1
#define TRUE 1
#define FALSE 0
#define ERROR 0
#define NO_ERROR 0L
#define DELETE (0x00010000L)
#define INFINITE 0xFFFFFFFF
#define IGNORE 0
#define ABSOLUTE 1
#define RELATIVE 2
#define TRANSPARENT 1
#define OPAQUE 2
#define DIFFERENCE 11
#define interface struct
#define small char
#define hyper long long
#define THIS_ this,
#define GetObject GetObjectA
#define GetMessage GetMessageA
#define SendMessage SendMessageA
#define PostMessage PostMessageA
#define CreateEvent CreateEventA
#define CreateDirectory CreateDirectoryA
#define DeleteFile DeleteFileA
#define GetFreeSpace(w) (0x100000L)
#define GetCurrentTime() GetTickCount()
#define GetFirstChild(window) GetTopWindow(window)
#define Yield()

// <X11/X.h> and <X11/Xlib.h>.
#define None 0L
#define Success 0
#define Always 2
#define Above 0
#define Below 1
#define Complex 0
#define Convex 2
#define Unsorted 0
#define KeyPress 2
#define KeyRelease 3
#define FocusIn 9
#define FocusOut 10
#define Expose 12
#define GrayScale 1
#define BadRequest 1
#define BadValue 2
#define Bool int
#define Status int
#define True 1
#define False 0

// <AssertMacros.h>, <MacTypes.h> and Objective-C on macOS; Unreal Engine has `check` and `verify` as well.
#define check(assertion)
#define require(assertion, label)
#define verify(assertion)
#define require_noerr(code, label)
#define check_noerr(code)
#define nil 0
#define Nil 0
#define YES 1
#define NO 0

// <math.h> of older C libraries.
#define DOMAIN 1
#define SING 2
#define OVERFLOW 3
#define UNDERFLOW 4

// <sys/sysmacros.h>, <sys/param.h>, GNU's dialect of C++, <resolv.h>, <termios.h>, <syslog.h>.
#define major(device) gnu_dev_major(device)
#define minor(device) gnu_dev_minor(device)
#define makedev(major, minor) gnu_dev_makedev(major, minor)
#define unix 1
#define linux 1
#define MIN(a, b) (((a) < (b)) ? (a) : (b))
#define MAX(a, b) (((a) > (b)) ? (a) : (b))
#define ABS(a) (((a) < 0) ? -(a) : (a))
#define STATUS 2
#define NOERROR 0
#define ECHO 0000010
#define LOG_DEBUG 7
#define LOG_INFO 6
#define DEBUG 1
#define NDELAY 4

// Qt's keywords.
#define emit
#define signals public
#define slots
#define foreach for
#define forever for (;;)

// Test frameworks and logging libraries.
#define CHECK(condition)
#define REQUIRE(condition)
#define LOG(level)
#define Key_F1 1
